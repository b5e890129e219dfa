using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Inference.Mechanisms;

/// <summary>Choices in the types that control flow wants.</summary>
public static class TraceChoices
{
    /// <summary>True with a probability.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Flip<TReal, TTrace>(ref this TTrace trace, Site site, TReal probability)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        // Known when this is compiled. The way through a number and back is a sixth of the time of a cheap nail, as what follows waits for it.
        return typeof(TTrace) == typeof(SamplingTrace)
            ? Unsafe.As<TTrace, SamplingTrace>(ref trace).Flip(Law.Value(probability))
            : !TReal.IsZero(trace.Draw(site, Law.Bernoulli(probability)));
    }

    /// <summary>An index with probability proportional to its weight.</summary>
    /// <param name="weights">At least 0, with a positive sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pick<TReal, TTrace>(ref this TTrace trace, Site site, ReadOnlySpan<TReal> weights)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal> => (int)Law.Value(trace.Draw(site, Law.Categorical(weights)));
}
