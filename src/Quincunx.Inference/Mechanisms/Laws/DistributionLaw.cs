using System.Numerics;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>A law that does not move: a continuous distribution of one number, such as a prior or a policy.</summary>
public readonly struct DistributionLaw<TReal>(ScalarDistribution distribution) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    public double Sample(Rng rng) => distribution.Sample(rng);

    /// <inheritdoc/>
    public TReal LogProb(double value) => TReal.CreateTruncating(distribution.LogProb(value));

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        ScalarDistribution d = distribution;
        return FromInterval(Noise.Invert(noise, t => OfInterval(t, d), isPositive: false, guess: 0), d.Support);
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => Noise.Of(distribution.Cdf(value), 1 - distribution.Cdf(value));

    private static double OfInterval(double t, ScalarDistribution d)
    {
        double value = FromInterval(t, d.Support);
        return Noise.Of(d.Cdf(value), 1 - d.Cdf(value));
    }

    // The real line onto the support, increasing.
    private static double FromInterval(double t, Support support) => (double.IsFinite(support.Lower), double.IsFinite(support.Upper)) switch
    {
        (true, true) => support.Lower + ((support.Upper - support.Lower) / (1 + Math.Exp(-t))),
        (true, false) => support.Lower + Math.Exp(t),
        (false, true) => support.Upper - Math.Exp(-t),
        _ => t,
    };
}
