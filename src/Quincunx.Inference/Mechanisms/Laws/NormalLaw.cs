using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Normal with a mean and a standard deviation.</summary>
public readonly struct NormalLaw<TReal>(TReal mean, TReal standardDeviation) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sample(Rng rng)
    {
        double sd = Law.Value(standardDeviation);
        Parameter.Check(sd > 0 && double.IsFinite(sd), sd, "a positive, finite standard deviation");
        return Law.Value(mean) + (sd * rng.NextNormal());
    }

    /// <inheritdoc/>
    public TReal LogProb(double value)
    {
        TReal z = (TReal.CreateTruncating(value) - mean) / standardDeviation;
        return (TReal.CreateTruncating(-0.5) * z * z) - TReal.Log(standardDeviation) - TReal.CreateTruncating(SpecialFunctions.HalfLog2Pi);
    }

    /// <inheritdoc/>
    public double FromNoise(double noise) => Law.Value(mean) + (Law.Value(standardDeviation) * noise);

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => (value - Law.Value(mean)) / Law.Value(standardDeviation);
}
