using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Toys;

/// <summary>x ~ Normal(θ, 0.1 I): parameters seen through Gaussian noise.</summary>
/// <remarks>
/// The task "gaussian linear" of Lueckmann et al. 2021 (arXiv:2101.04653), where θ has 10 coordinates and the prior
/// Normal(0, 0.1 I), so that the posterior is Normal(x / 2, 0.05 I). The 0.1 are variances.
/// </remarks>
public sealed class GaussianLinear : ISimulator, ILikelihood
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
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Check(theta, x);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = theta[i] + (Sd * rng.NextNormal());
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        Check(theta, x);
        double squares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double residual = x[i] - theta[i];
            squares += residual * residual;
        }

        return -0.5 * ((squares / Variance) + (x.Length * Math.Log(Math.Tau * Variance)));
    }

    private void Check(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        int dimension = ParameterNames.Count;
        if (theta.Length != dimension || x.Length != dimension)
        {
            throw new ArgumentException($"Expected {dimension} parameters and outputs, got {theta.Length} and {x.Length}.");
        }

        foreach (double value in theta)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(theta), value, "Expected finite parameters.");
            }
        }
    }
}
