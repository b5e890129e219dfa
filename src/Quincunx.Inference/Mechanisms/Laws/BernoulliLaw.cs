using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>1 with a probability, otherwise 0.</summary>
public readonly struct BernoulliLaw<TReal>(TReal probability) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sample(Rng rng) => rng.NextBernoulli(Law.Value(probability)) ? 1 : 0;

    /// <inheritdoc/>
    public TReal LogProb(double value) => value switch
    {
        1 => TReal.Log(probability),
        0 => Law.Log1p(-probability),
        _ => Law.Outside<TReal>(value),
    };

    /// <inheritdoc/>
    public double FromNoise(double noise) => SpecialFunctions.NormalCdf(-noise) < Law.Value(probability) ? 1 : 0;

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        double one = Law.Value(probability);
        return value == 1 ? Noise.Within(1 - one, 1, 0, one, rng) : Noise.Within(0, 1 - one, one, 1, rng);
    }
}
