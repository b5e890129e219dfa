using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <content>
/// Over the middle axis of x [outer, axis, inner] into y [outer, inner], row-major. y must not overlap x. With inner 1 these are the rows
/// of a matrix; else the columns of each of several.
/// </content>
internal static unsafe partial class Reductions
{
    /// <summary>0 over an empty axis.</summary>
    internal static void SumAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => Along<T, SumLanes>(x, outer, axis, inner, y);

    /// <summary>Minus infinity over an empty axis.</summary>
    internal static void MaxAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => Along<T, MaxLanes>(x, outer, axis, inner, y);

    /// <summary>Infinity over an empty axis.</summary>
    internal static void MinAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => Along<T, MinLanes>(x, outer, axis, inner, y);

    /// <summary>Index along the axis of the first largest number, or of the first NaN; -1 over an empty axis.</summary>
    internal static void ArgMaxAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<int> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> slab = x.Slice(o * axis * inner, axis * inner);
            for (int j = 0; j < inner; j++)
            {
                y[(o * inner) + j] = inner == 1 ? ArgMax(slab) : ArgMaxColumn(slab, axis, inner, j);
            }
        }
    }

    private static void Along<T, TReduction>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged
        where TReduction : struct, IReductionLanes
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        if (inner == 1)
        {
            OfRows<T, TReduction>(x, outer, axis, y);
            return;
        }

        fixed (T* from = x, to = y)
        {
            for (int o = 0; o < outer; o++)
            {
                OfColumns<T, TReduction>(from + ((nint)o * axis * inner), axis, inner, inner, null, to + ((nint)o * inner));
            }
        }
    }

    private static int ArgMaxColumn<T>(ReadOnlySpan<T> x, int rows, int stride, int column)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int best = -1;
        for (int i = 0; i < rows; i++)
        {
            T value = x[(i * stride) + column];
            if (T.IsNaN(value))
            {
                return i;
            }

            if (best < 0 || value > x[(best * stride) + column])
            {
                best = i;
            }
        }

        return best;
    }

    private static void CheckAxis(int from, int outer, int axis, int inner, int to)
    {
        if ((outer | axis | inner) < 0 || from < (long)outer * axis * inner || to < (long)outer * inner)
        {
            throw new ArgumentException(
                $"Expected spans of at least [{outer}, {axis}, {inner}] and [{outer}, {inner}] elements, got {from} and {to}.");
        }
    }
}
