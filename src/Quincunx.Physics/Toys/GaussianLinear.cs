using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Toys;

/// <summary>x ~ Normal(θ, 0.1 I): parameters seen through Gaussian noise.</summary>
/// <remarks>
/// The task "gaussian linear" of Lueckmann et al. 2021 (arXiv:2101.04653), where θ has 10 coordinates and the prior
/// Normal(0, 0.1 I), so that the posterior is Normal(x / 2, 0.05 I). The 0.1 are variances. With the prior Uniform(−1, 1)¹⁰ it is the task "gaussian linear
/// uniform", whose posterior is Normal(x, 0.1 I) cut off at the walls.
/// </remarks>
public sealed class GaussianLinear : IMechanism, ILikelihood
{
    /// <summary>Variance of each coordinate of x.</summary>
    public const double Variance = 0.1;

    private static readonly double Sd = Math.Sqrt(Variance);

    /// <param name="dimension">Number of parameters and of outputs, positive.</param>
    public GaussianLinear(int dimension = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ParameterNames = [.. Enumerable.Range(1, dimension).Select(i => $"theta_{i}")];
        OutputNames = [.. Enumerable.Range(1, dimension).Select(i => $"x_{i}")];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs.</remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Parameters.CheckFinite(theta);
        var sd = TReal.CreateTruncating(Sd);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = trace.Draw(Site.Output(i), Law.Normal(theta[i], sd));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Parameters.CheckFinite(theta);
        double squares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double residual = x[i] - theta[i];
            squares += residual * residual;
        }

        return -0.5 * ((squares / Variance) + (x.Length * Math.Log(Math.Tau * Variance)));
    }
}
