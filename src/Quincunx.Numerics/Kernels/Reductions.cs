using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Sums, extrema and products of whole spans of float or double.</summary>
/// <remarks>
/// The order of additions depends on the length alone: lanes within a block, then blocks in pairs (N. J. Higham 1993, SIAM J. Sci.
/// Comput. 14, 783), so that the error grows with the logarithm of the length. NaN anywhere makes the result NaN. Nothing is allocated.
/// </remarks>
internal static partial class Reductions
{
    // Short enough that plain lanes lose no more than a few units, long enough that pairing costs nothing.
    private const int Block = 256;

    /// <summary>0 for an empty span.</summary>
    internal static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Pairwise<T, SumTerm<T>>(x, x, default);

    /// <summary>Sum of squares, 0 for an empty span.</summary>
    internal static T SumOfSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Pairwise<T, ProductTerm<T>>(x, x, default);

    /// <summary>Σ x y; y has at least the length of x.</summary>
    internal static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => Pairwise<T, ProductTerm<T>>(x, y[..x.Length], default);

    /// <summary>The largest number; minus infinity for an empty span.</summary>
    internal static T Max<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> best = Vector.Create(T.NegativeInfinity);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            best = Vector.Max(best, Vector.Create(x[i..]));
        }

        T max = T.NegativeInfinity;
        for (int lane = 0; lane < Vector<T>.Count; lane++)
        {
            max = T.Max(max, best[lane]);
        }

        for (; i < x.Length; i++)
        {
            max = T.Max(max, x[i]);
        }

        return max;
    }

    /// <summary>The smallest number; infinity for an empty span.</summary>
    internal static T Min<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> best = Vector.Create(T.PositiveInfinity);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            best = Vector.Min(best, Vector.Create(x[i..]));
        }

        T min = T.PositiveInfinity;
        for (int lane = 0; lane < Vector<T>.Count; lane++)
        {
            min = T.Min(min, best[lane]);
        }

        for (; i < x.Length; i++)
        {
            min = T.Min(min, x[i]);
        }

        return min;
    }

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
        T max = Max(x);
        if (!T.IsFinite(max))
        {
            return max;
        }

        // The largest term is exactly 1. Left out of the sum, it does not swallow the digits of small others.
        int first = x.IndexOf(max);
        ReadOnlySpan<T> before = x[..first], after = x[(first + 1)..];
        T others = Pairwise<T, ShiftedExpTerm<T>>(before, before, max) + Pairwise<T, ShiftedExpTerm<T>>(after, after, max);
        Vector<T> log = VectorMath.Log1p(Vector.Create(others));
        return max + log[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Pairwise<T, TTerm>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, T shift)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerm : struct, IReductionTerm<T>
    {
        if (x.Length > Block)
        {
            // Cut at a whole number of blocks, so that only the last block is ragged.
            int half = ((x.Length / 2) + Block - 1) / Block * Block;
            return Pairwise<T, TTerm>(x[..half], y[..half], shift) + Pairwise<T, TTerm>(x[half..], y[half..], shift);
        }

        Vector<T> shifts = Vector.Create(shift);
        Vector<T> s0 = Vector<T>.Zero, s1 = s0;
        int i = 0;
        for (; i <= x.Length - (2 * Vector<T>.Count); i += 2 * Vector<T>.Count)
        {
            s0 = TTerm.Add(s0, Vector.Create(x[i..]), Vector.Create(y[i..]), shifts);
            s1 = TTerm.Add(s1, Vector.Create(x[(i + Vector<T>.Count)..]), Vector.Create(y[(i + Vector<T>.Count)..]), shifts);
        }

        Span<T> lanes = stackalloc T[2 * Vector<T>.Count];
        for (; i < x.Length; i += Vector<T>.Count)
        {
            int left = Math.Min(Vector<T>.Count, x.Length - i);
            lanes.Fill(TTerm.Neutral);
            x.Slice(i, left).CopyTo(lanes);
            y.Slice(i, left).CopyTo(lanes[Vector<T>.Count..]);
            s0 = TTerm.Add(s0, Vector.Create<T>(lanes), Vector.Create<T>(lanes[Vector<T>.Count..]), shifts);
        }

        Vector<T> sum = s0 + s1;
        sum.CopyTo(lanes);
        for (int width = Vector<T>.Count / 2; width > 0; width /= 2)
        {
            for (int lane = 0; lane < width; lane++)
            {
                lanes[lane] += lanes[lane + width];
            }
        }

        return lanes[0];
    }

    private readonly struct SumTerm<T> : IReductionTerm<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Neutral => T.Zero;

        public static Vector<T> Add(Vector<T> sum, Vector<T> x, Vector<T> y, Vector<T> shift) => sum + x;
    }

    private readonly struct ProductTerm<T> : IReductionTerm<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Neutral => T.Zero;

        public static Vector<T> Add(Vector<T> sum, Vector<T> x, Vector<T> y, Vector<T> shift) => VectorMath.MultiplyAdd(x, y, sum);
    }

    private readonly struct ShiftedExpTerm<T> : IReductionTerm<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Neutral => T.NegativeInfinity;

        public static Vector<T> Add(Vector<T> sum, Vector<T> x, Vector<T> y, Vector<T> shift) => sum + VectorMath.Exp(x - shift);
    }
}
