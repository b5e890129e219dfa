using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <content>
/// log Σ exp(x) as largest + log(1 + others): terms equal to the largest are exactly 1, and summed apart they do not swallow the digits
/// of the others.
/// </content>
internal static unsafe partial class Reductions
{
    // Results whose logarithm is taken in one go.
    private const int Batch = 256;

    /// <summary>log Σ exp over the axis, without overflow; minus infinity over an empty one.</summary>
    internal static void LogSumExpAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        fixed (T* from = x, to = y)
        {
            if (inner == 1)
            {
                LogSumExpOfRows(from, outer, axis, to);
                return;
            }

            for (int o = 0; o < outer; o++)
            {
                LogSumExpOfColumns(from + ((nint)o * axis * inner), axis, inner, to + ((nint)o * inner));
            }
        }
    }

    private static void LogSumExpOfColumns<T>(T* x, int rows, int columns, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* others = stackalloc T[Batch];
        T* equal = stackalloc T[Batch];
        for (int from = 0; from < columns; from += Batch, x += Batch, y += Batch)
        {
            int count = Math.Min(Batch, columns - from);
            OfColumns<T, MaxLanes>(x, rows, columns, count, null, y);
            OfColumns<T, CountLanes>(x, rows, columns, count, y, equal);
            OfColumns<T, ExpLanes>(x, rows, columns, count, y, others);
            for (int j = 0; j < count; j++)
            {
                others[j] += equal[j] - T.One;
            }

            AddLogarithms(others, count, y);
        }
    }

    private static void LogSumExpOfRows<T>(T* x, int rows, int length, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* others = stackalloc T[Batch];
        for (int from = 0; from < rows; from += Batch, y += Batch)
        {
            int count = Math.Min(Batch, rows - from);
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    PartsOfRows<T, Vector512<T>, Lanes512<T>>(x + ((nint)from * length), count, length, y, others);
                    break;
                case SimdLevel.Avx2:
                    PartsOfRows<T, Vector256<T>, Lanes256<T>>(x + ((nint)from * length), count, length, y, others);
                    break;
                default:
                    PartsOfRows<T, Vector128<T>, Lanes128<T>>(x + ((nint)from * length), count, length, y, others);
                    break;
            }

            AddLogarithms(others, count, y);
        }
    }

    private static void PartsOfRows<T, TVector, TLanes>(T* x, int rows, int length, T* largest, T* others)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        for (int row = 0; row < rows; row++, x += length)
        {
            (largest[row], others[row]) = Parts<T, TVector, TLanes>(x, length);
        }
    }

    // The largest element and, where it is finite, Σ exp(x - largest) without one term of 1.
    private static (T Largest, T Others) Parts<T, TVector, TLanes>(T* x, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        if (count > Block)
        {
            int half = ((count / 2) + Block - 1) / Block * Block;
            return Together<T, TVector, TLanes>(Parts<T, TVector, TLanes>(x, half), Parts<T, TVector, TLanes>(x + half, count - half));
        }

        T largest = OfRow<T, TVector, TLanes, MaxLanes>(x, x, count, default);
        if (!T.IsFinite(largest))
        {
            return (largest, T.Zero);
        }

        T equal = OfRow<T, TVector, TLanes, CountLanes>(x, x, count, largest);
        return (largest, OfRow<T, TVector, TLanes, ExpLanes>(x, x, count, largest) + (equal - T.One));
    }

    private static (T Largest, T Others) Together<T, TVector, TLanes>((T Largest, T Others) a, (T Largest, T Others) b)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        if (b.Largest > a.Largest)
        {
            (a, b) = (b, a);
        }

        if (a.Largest == b.Largest)
        {
            return (a.Largest, a.Others + b.Others + T.One);
        }

        if (!T.IsFinite(a.Largest) || !T.IsFinite(b.Largest))
        {
            // Infinity and NaN are the result; a part that is minus infinity adds nothing.
            return T.IsNaN(b.Largest) ? b : a;
        }

        TVector factor = VectorMath<T, TVector, TLanes>.Exp(TLanes.Broadcast(b.Largest - a.Largest));
        T* lanes = stackalloc T[TLanes.Count];
        TLanes.Store(lanes, factor);
        return (a.Largest, a.Others + (lanes[0] * (T.One + b.Others)));
    }

    // y += log(1 + others); an infinite or undefined y is the result itself.
    private static void AddLogarithms<T>(T* others, int count, T* y)
        where T : unmanaged
        => VectorLoop.Map<T, AddLogarithmLanes>(new ReadOnlySpan<T>(y, count), new ReadOnlySpan<T>(others, count), new Span<T>(y, count));

    private readonly struct AddLogarithmLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector>
        {
            TVector finite = TLanes.Less(TLanes.Abs(a), TLanes.Constant(float.PositiveInfinity, double.PositiveInfinity));
            return TLanes.Select(finite, TLanes.Add(a, VectorMath<T, TVector, TLanes>.Log1p(b)), a);
        }
    }
}
