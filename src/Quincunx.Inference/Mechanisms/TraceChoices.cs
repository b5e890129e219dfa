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
        where TTrace : struct, ITrace<TReal> => !TReal.IsZero(trace.Draw(site, Law.Bernoulli(probability)));

    /// <summary>An index with probability proportional to its weight.</summary>
    /// <param name="weights">At least 0, with a positive sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pick<TReal, TTrace>(ref this TTrace trace, Site site, ReadOnlySpan<TReal> weights)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal> => (int)Law.Value(trace.Draw(site, Law.Categorical(weights)));
}
