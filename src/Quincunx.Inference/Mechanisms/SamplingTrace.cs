using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms;

/// <summary>Draws every choice from its law and keeps nothing: a mechanism run over it compiles to what bare draws would.</summary>
/// <param name="rng">The stream of this event.</param>
public readonly struct SamplingTrace(Rng rng) : ITrace<double>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<double>, allows ref struct => law.Sample(rng);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Let(Site site, double value) => value;

    /// <summary>The choice of <see cref="Law.Bernoulli"/>, without a number in between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Flip(double probability) => rng.NextBernoulli(probability);
}
