using System.Numerics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Poisson with a mean.</summary>
public readonly struct PoissonLaw<TReal>(TReal mean) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => true;

    /// <inheritdoc/>
    public double Sample(Rng rng) => rng.NextPoisson(Law.Value(mean));

    /// <inheritdoc/>

    public TReal LogProb(double value)
    {
        if (!(value >= 0 && value == Math.Floor(value) && double.IsFinite(value)))
        {
            return Law.Outside<TReal>(value);
        }

        return value == 0
            ? -mean
            : (TReal.CreateTruncating(value) * TReal.Log(mean)) - mean - TReal.CreateTruncating(SpecialFunctions.LogGamma(value + 1));
    }

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        double m = Law.Value(mean);
        return Noise.Count(noise, k => Below(k, m), k => Above(k, m), double.PositiveInfinity);
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        double m = Law.Value(mean);
        return Noise.Within(Below(value - 1, m), Below(value, m), Above(value, m), Above(value - 1, m), rng);
    }

    private static double Below(double k, double mean) => k < 0 ? 0 : mean == 0 ? 1 : SpecialFunctions.GammaQ(k + 1, mean);

    private static double Above(double k, double mean) => k < 0 ? 1 : mean == 0 ? 0 : SpecialFunctions.GammaP(k + 1, mean);
}
