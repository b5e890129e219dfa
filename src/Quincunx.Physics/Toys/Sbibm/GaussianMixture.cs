using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>A point in the plane seen by one of two instruments, a coarse and a fine one, without word of which it was.</summary>
/// <remarks>
/// x ~ ½ Normal(θ, I) + ½ Normal(θ, 0.01 I): the task "gaussian mixture" of Lueckmann et al. 2021 (arXiv:2101.04653), prior Uniform(−10, 10)². Both coordinates come
/// from the same instrument. With a flat prior the posterior is the same mixture around x.
/// </remarks>
public sealed class GaussianMixture : IMechanism, ILikelihood
{
    private const double CoarseSd = 1, FineSd = 0.1;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["theta_1", "theta_2"];

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; } = ["x_1", "x_2"];

    /// <inheritdoc/>
    /// <remarks>Choices: <c>fine</c>, 1 for the instrument with standard deviation 0.1, and the outputs.</remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Parameters.CheckFinite(theta);
        var sd = TReal.CreateTruncating(trace.Flip(new Site("fine"), TReal.CreateTruncating(0.5)) ? FineSd : CoarseSd);
        x[0] = trace.Draw(Site.Output(0), Law.Normal(theta[0], sd));
        x[1] = trace.Draw(Site.Output(1), Law.Normal(theta[1], sd));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span is not of length 2, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Parameters.CheckFinite(theta);
        (double u, double v) = (x[0] - theta[0], x[1] - theta[1]);
        double square = (u * u) + (v * v);
        return SpecialFunctions.LogAddExp(LogNormal(CoarseSd), LogNormal(FineSd)) - Math.Log(2);

        double LogNormal(double sd) => (-0.5 * square / (sd * sd)) - Math.Log(Math.Tau * sd * sd);
    }
}
