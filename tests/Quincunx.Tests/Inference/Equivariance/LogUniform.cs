using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Equivariance;

/// <summary>Flat in the logarithm between two positive numbers: a scale that the symmetry of scales leaves alone.</summary>
internal sealed class LogUniform(double lower, double upper) : IDistribution
{
    public int Dimension => 1;

    public IReadOnlyList<Support> Supports { get; } = [new Support(lower, upper)];

    public double LogProb(ReadOnlySpan<double> x) => double.IsNaN(x[0]) ? double.NaN : x[0] >= lower && x[0] <= upper ? -Math.Log(x[0] * Math.Log(upper / lower)) : double.NegativeInfinity;

    public void Sample(Span<double> x, Rng rng) => x[0] = Math.Exp(rng.NextUniform(Math.Log(lower), Math.Log(upper)));
}
