using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Exponential with a rate (mean 1 / rate).</summary>
public readonly struct ExponentialLaw<TReal>(TReal rate) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sample(Rng rng)
    {
        double value = Law.Value(rate);
        Parameter.Check(value > 0 && double.IsFinite(value), value, "a positive, finite rate");
        return rng.NextExponential() / value;
    }

    /// <inheritdoc/>
    public TReal LogProb(double value) => value >= 0
        ? TReal.Log(rate) - (rate * TReal.CreateTruncating(value))
        : Law.Outside<TReal>(value);

    /// <inheritdoc/>
    public double FromNoise(double noise) => -SpecialFunctions.NormalLogCdf(-noise) / Law.Value(rate);

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        double scaled = Law.Value(rate) * value;
        return Noise.Of(-SpecialFunctions.Expm1(-scaled), Math.Exp(-scaled));
    }
}
