using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Sums, extrema and products of spans and of axes of float or double.</summary>
/// <remarks>
/// The order of additions depends on the lengths alone, not on the width of the registers: lanes within a block, then blocks in pairs
/// (N. J. Higham 1993, SIAM J. Sci. Comput. 14, 783), so that the error grows with the logarithm of the length. NaN anywhere
/// makes the result NaN. Nothing is allocated.
/// </remarks>
internal static unsafe partial class Reductions
{
    /// <summary>0 for an empty span.</summary>
    internal static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => OfSpan<T, SumLanes>(x, x, default);

    /// <summary>Sum of squares, 0 for an empty span.</summary>
    internal static T SumOfSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => OfSpan<T, ProductLanes>(x, x, default);

    /// <summary>Σ x y; y has at least the length of x.</summary>
    internal static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => OfSpan<T, ProductLanes>(x, y[..x.Length], default);

    /// <summary>The largest number; minus infinity for an empty span.</summary>
    internal static T Max<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => OfSpan<T, MaxLanes>(x, x, default);

    /// <summary>The smallest number; infinity for an empty span.</summary>
    internal static T Min<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => OfSpan<T, MinLanes>(x, x, default);

    /// <summary>Index of the first largest number, or of the first NaN where there is one; -1 for an empty span.</summary>
    internal static int ArgMax<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T max = Max(x);
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] == max || T.IsNaN(x[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>log Σ exp(x), without overflow; minus infinity for an empty span.</summary>
    internal static T LogSumExp<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T result = default;
        LogSumExpAxis(x, 1, x.Length, 1, new Span<T>(ref result));
        return result;
    }
}
