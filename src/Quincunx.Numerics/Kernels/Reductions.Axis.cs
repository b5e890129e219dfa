using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <content>
/// Over the middle axis of x [outer, axis, inner] into y [outer, inner], row-major. y must not overlap x. With inner 1 the
/// rows are reduced as spans; else the columns are, side by side in registers, with rows added in order and blocks of rows in pairs.
/// </content>
internal static partial class Reductions
{
    private const int RowBlock = 64;

    /// <summary>0 over an empty axis.</summary>
    internal static void SumAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> slab = x.Slice(o * axis * inner, axis * inner);
            if (inner == 1)
            {
                y[o] = Sum(slab);
            }
            else
            {
                FoldColumns<T, SumFold<T>>(slab, axis, inner, [], y.Slice(o * inner, inner));
            }
        }
    }

    /// <summary>Minus infinity over an empty axis.</summary>
    internal static void MaxAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> slab = x.Slice(o * axis * inner, axis * inner);
            if (inner == 1)
            {
                y[o] = Max(slab);
            }
            else
            {
                FoldColumns<T, MaxFold<T>>(slab, axis, inner, [], y.Slice(o * inner, inner));
            }
        }
    }

    /// <summary>Infinity over an empty axis.</summary>
    internal static void MinAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> slab = x.Slice(o * axis * inner, axis * inner);
            if (inner == 1)
            {
                y[o] = Min(slab);
            }
            else
            {
                FoldColumns<T, MinFold<T>>(slab, axis, inner, [], y.Slice(o * inner, inner));
            }
        }
    }

    /// <summary>log Σ exp over the axis, without overflow; minus infinity over an empty one.</summary>
    internal static void LogSumExpAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> slab = x.Slice(o * axis * inner, axis * inner);
            if (inner == 1)
            {
                y[o] = LogSumExp(slab);
                continue;
            }

            Span<T> max = y.Slice(o * inner, inner);
            FoldColumns<T, MaxFold<T>>(slab, axis, inner, [], max);
            FoldColumns<T, ShiftedExpFold<T>>(slab, axis, inner, max, max);
        }
    }

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

    // shift and y may be the same span: a register of columns is read before it is written.
    private static void FoldColumns<T, TFold>(ReadOnlySpan<T> x, int rows, int columns, ReadOnlySpan<T> shift, Span<T> y)
        where T : unmanaged
        where TFold : struct, IAxisFold<T>
    {
        for (int j = 0; j < columns; j += Vector<T>.Count)
        {
            int count = Math.Min(Vector<T>.Count, columns - j);
            Vector<T> shifts = shift.Length > 0 ? Load(shift, j, count) : Vector<T>.Zero;
            Vector<T> pending = Vector<T>.AllBitsSet;
            Vector<T> result = Fold<T, TFold>(x[Math.Min(j, x.Length)..], rows, columns, count, shifts, ref pending);
            if (TFold.IsLogarithm)
            {
                // An infinite or undefined shift is the result itself.
                Vector<T> finite = Vector.LessThan(Vector.Abs(shifts), VectorMath.Constant<T>(double.PositiveInfinity));
                result = Vector.ConditionalSelect(finite, shifts + VectorMath.Log1p(result), shifts);
            }

            if (count == Vector<T>.Count)
            {
                result.CopyTo(y[j..]);
            }
            else
            {
                for (int lane = 0; lane < count; lane++)
                {
                    y[j + lane] = result[lane];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector<T> Fold<T, TFold>(ReadOnlySpan<T> x, int rows, int stride, int count, Vector<T> shift, ref Vector<T> pending)
        where T : unmanaged
        where TFold : struct, IAxisFold<T>
    {
        if (rows > RowBlock)
        {
            int half = ((rows / 2) + RowBlock - 1) / RowBlock * RowBlock;
            Vector<T> first = Fold<T, TFold>(x, half, stride, count, shift, ref pending);
            return TFold.Combine(first, Fold<T, TFold>(x[(half * stride)..], rows - half, stride, count, shift, ref pending));
        }

        Vector<T> result = TFold.Empty;
        Vector<T> waiting = pending;
        for (int i = 0; i < rows; i++)
        {
            result = TFold.Add(result, Load(x, i * stride, count), shift, ref waiting);
        }

        pending = waiting;
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ReadOnlySpan<T> x, int at, int count)
        where T : unmanaged => count == Vector<T>.Count ? Vector.Create(x[at..]) : LoadPart(x.Slice(at, count));

    private static Vector<T> LoadPart<T>(ReadOnlySpan<T> x)
        where T : unmanaged
    {
        Span<T> lanes = stackalloc T[Vector<T>.Count];
        lanes.Clear();
        x.CopyTo(lanes);
        return Vector.Create<T>(lanes);
    }

    private static void CheckAxis(int from, int outer, int axis, int inner, int to)
    {
        if ((outer | axis | inner) < 0 || from < (long)outer * axis * inner || to < (long)outer * inner)
        {
            throw new ArgumentException(
                $"Expected spans of at least [{outer}, {axis}, {inner}] and [{outer}, {inner}] elements, got {from} and {to}.");
        }
    }

    private readonly struct SumFold<T> : IAxisFold<T>
        where T : unmanaged
    {
        public static Vector<T> Empty => Vector<T>.Zero;

        public static bool IsLogarithm => false;

        public static Vector<T> Add(Vector<T> result, Vector<T> x, Vector<T> shift, ref Vector<T> pending) => result + x;

        public static Vector<T> Combine(Vector<T> a, Vector<T> b) => a + b;
    }

    private readonly struct MaxFold<T> : IAxisFold<T>
        where T : unmanaged
    {
        public static Vector<T> Empty => VectorMath.Constant<T>(double.NegativeInfinity);

        public static bool IsLogarithm => false;

        public static Vector<T> Add(Vector<T> result, Vector<T> x, Vector<T> shift, ref Vector<T> pending) => Vector.Max(result, x);

        public static Vector<T> Combine(Vector<T> a, Vector<T> b) => Vector.Max(a, b);
    }

    private readonly struct MinFold<T> : IAxisFold<T>
        where T : unmanaged
    {
        public static Vector<T> Empty => VectorMath.Constant<T>(double.PositiveInfinity);

        public static bool IsLogarithm => false;

        public static Vector<T> Add(Vector<T> result, Vector<T> x, Vector<T> shift, ref Vector<T> pending) => Vector.Min(result, x);

        public static Vector<T> Combine(Vector<T> a, Vector<T> b) => Vector.Min(a, b);
    }

    // The first largest element of a column is left out of its sum, as in LogSumExp of a span.
    private readonly struct ShiftedExpFold<T> : IAxisFold<T>
        where T : unmanaged
    {
        public static Vector<T> Empty => Vector<T>.Zero;

        public static bool IsLogarithm => true;

        public static Vector<T> Add(Vector<T> result, Vector<T> x, Vector<T> shift, ref Vector<T> pending)
        {
            Vector<T> first = Vector.Equals(x, shift) & pending;
            pending = Vector.AndNot(pending, first);
            return result + Vector.AndNot(VectorMath.Exp(x - shift), first);
        }

        public static Vector<T> Combine(Vector<T> a, Vector<T> b) => a + b;
    }
}
