using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Epidemics;

/// <summary>One of some cells, all equally likely.</summary>
internal readonly struct CellLaw<TReal>(int cells) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => true;

    /// <inheritdoc/>
    public double Sample(Rng rng) => rng.NextInt32(cells);

    /// <inheritdoc/>
    public TReal LogProb(double value) => value >= 0 && value < cells && value == Math.Floor(value)
        ? TReal.CreateTruncating(-Math.Log(cells))
        : Law.Outside<TReal>(value);

    /// <inheritdoc/>
    public double FromNoise(double noise) => Math.Min(Math.Floor(cells * SpecialFunctions.NormalCdf(noise)), cells - 1);

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => SpecialFunctions.NormalQuantile((value + rng.NextOpenDouble()) / cells);
}
