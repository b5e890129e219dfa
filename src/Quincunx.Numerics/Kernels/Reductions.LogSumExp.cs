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
    // Results whose logarithm is taken in one go, the longest row that is transposed, how many of them at a time, and the fewest for which that pays.
    private const int Batch = 256, Short = 64, Rows = 64, Few = 8;

    /// <summary>log Σ exp over the axis, without overflow; minus infinity over an empty one.</summary>
    internal static void LogSumExpAxis<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckAxis(x.Length, outer, axis, inner, y.Length);
        fixed (T* from = x, to = y)
        {
            if (inner == 1 && axis <= Short && outer >= Few)
            {
                LogSumExpOfShortRows(from, outer, axis, to);
                return;
            }

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void LogSumExpOfColumns<T>(T* x, int rows, int columns, T* y, bool inOrder = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* others = stackalloc T[Batch];
        T* equal = stackalloc T[Batch];
        for (int from = 0; from < columns; from += Batch, x += Batch, y += Batch)
        {
            int count = Math.Min(Batch, columns - from);
            OfColumns<T, MaxLanes>(x, rows, columns, count, null, y, inOrder);
            OfColumns<T, CountLanes>(x, rows, columns, count, y, equal, inOrder);
            OfColumns<T, ExpLanes>(x, rows, columns, count, y, others, inOrder);
            VectorLoop.Map<T, CountedLanes>(new ReadOnlySpan<T>(others, count), new ReadOnlySpan<T>(equal, count), new Span<T>(others, count));
            AddLogarithms(others, count, y);
        }
    }

    // Many short rows are transposed block by block, so that registers hold elements of as many rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void LogSumExpOfShortRows<T>(T* x, int rows, int length, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* block = stackalloc T[Short * Rows];
        for (int from = 0; from < rows; from += Rows)
        {
            int count = Math.Min(Rows, rows - from);
            Transposition.Run(new ReadOnlySpan<T>(x + ((nint)from * length), count * length), new Span<T>(block, count * length), count, length);
            LogSumExpOfColumns(block, length, count, y + from, inOrder: true);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PartsOfRows<T, TVector, TLanes>(T* x, int rows, int length, T* largest, T* others)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        for (int row = 0; row < rows; row++, x += length)
        {
            (largest[row], others[row]) = length <= Short ? PartsOfShort<T, TVector, TLanes>(x, length) : Parts<T, TVector, TLanes>(x, length);
        }
    }

    // Terms are added one after another, as the columns of a transposed block of short rows are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static (T Largest, T Others) PartsOfShort<T, TVector, TLanes>(T* x, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        T* terms = stackalloc T[Short];
        T largest = OfRow<T, TVector, TLanes, MaxLanes>(x, x, length, default);
        T equal = OfRow<T, TVector, TLanes, CountLanes>(x, x, length, largest), others = T.Zero;
        TVector zero = TLanes.Zero, whole = TLanes.Broadcast(largest);
        for (int j = 0; j < length; j += TLanes.Count)
        {
            TVector element = LoadSome<T, TVector, TLanes>(x + j, length - j);
            StoreSome<T, TVector, TLanes>(terms + j, ExpLanes.Add<T, TVector, TLanes>(zero, element, element, whole), length - j);
        }

        for (int j = 0; j < length; j++)
        {
            others += terms[j];
        }

        return (largest, others + (equal - T.One));
    }

    // The largest element and, where it is finite, Σ exp(x - largest) without one term of 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

        T factor = TLanes.First(VectorMath<T, TVector, TLanes>.Exp(TLanes.Broadcast(b.Largest - a.Largest)));
        return (a.Largest, a.Others + (factor * (T.One + b.Others)));
    }

    // y += log(1 + others); an infinite or undefined y is the result itself.
    private static void AddLogarithms<T>(T* others, int count, T* y)
        where T : unmanaged
        => VectorLoop.Map<T, AddLogarithmLanes>(new ReadOnlySpan<T>(y, count), new ReadOnlySpan<T>(others, count), new Span<T>(y, count));

    private readonly struct CountedLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(a, TLanes.Subtract(b, TLanes.Constant(1, 1)));
    }

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
