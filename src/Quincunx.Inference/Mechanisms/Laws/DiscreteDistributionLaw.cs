using System.Numerics;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>A law that does not move: a distribution of whole numbers, such as a policy.</summary>
public readonly struct DiscreteDistributionLaw<TReal>(ScalarDistribution distribution) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => true;

    /// <inheritdoc/>
    public double Sample(Rng rng) => distribution.Sample(rng);

    /// <inheritdoc/>
    public TReal LogProb(double value) => TReal.CreateTruncating(distribution.LogProb(value));

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        ScalarDistribution d = distribution;
        return d.Support.Lower + Noise.Count(noise, k => d.Cdf(d.Support.Lower + k), k => 1 - d.Cdf(d.Support.Lower + k), d.Support.Upper - d.Support.Lower);
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) =>
        Noise.Within(distribution.Cdf(value - 1), distribution.Cdf(value), 1 - distribution.Cdf(value), 1 - distribution.Cdf(value - 1), rng);
}
