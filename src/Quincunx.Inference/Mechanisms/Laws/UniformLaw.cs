using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Uniform between two ends.</summary>
public readonly struct UniformLaw<TReal>(TReal lower, TReal upper) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sample(Rng rng) => rng.NextUniform(Law.Value(lower), Law.Value(upper));

    /// <inheritdoc/>
    /// <remarks>At the ends the derivative is that of the inside: the density itself jumps there.</remarks>
    public TReal LogProb(double value)
    {
        TReal x = TReal.CreateTruncating(value);
        return x >= lower && x <= upper ? -TReal.Log(upper - lower) : Law.Outside<TReal>(value);
    }

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        (double from, double to) = (Law.Value(lower), Law.Value(upper));
        return noise < 0
            ? from + ((to - from) * SpecialFunctions.NormalCdf(noise))
            : to - ((to - from) * SpecialFunctions.NormalCdf(-noise));
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        (double from, double to) = (Law.Value(lower), Law.Value(upper));
        return Noise.Of((value - from) / (to - from), (to - value) / (to - from));
    }
}
