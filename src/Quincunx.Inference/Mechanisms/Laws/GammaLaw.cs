using System.Numerics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Gamma with a shape and a rate (mean shape / rate).</summary>
public readonly struct GammaLaw<TReal>(TReal shape, TReal rate) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    public double Sample(Rng rng)
    {
        double value = Law.Value(rate);
        Parameter.Check(value > 0 && double.IsFinite(value), value, "a positive, finite rate");
        return rng.NextGamma(Law.Value(shape)) / value;
    }

    /// <inheritdoc/>
    public TReal LogProb(double value) => value > 0 && double.IsFinite(value)
        ? (shape * TReal.Log(rate)) + ((shape - TReal.One) * TReal.CreateTruncating(Math.Log(value))) - (rate * TReal.CreateTruncating(value)) - Law.LogGamma(shape)
        : Law.Outside<TReal>(value);

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        double a = Law.Value(shape);
        return Noise.Invert(noise, x => Noise.Of(SpecialFunctions.GammaP(a, x), SpecialFunctions.GammaQ(a, x)), isPositive: true, guess: a) / Law.Value(rate);
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        double a = Law.Value(shape), x = Law.Value(rate) * value;
        return Noise.Of(SpecialFunctions.GammaP(a, x), SpecialFunctions.GammaQ(a, x));
    }
}
