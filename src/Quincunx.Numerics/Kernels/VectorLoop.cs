using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Quincunx.Numerics.Kernels.Numbers;

namespace Quincunx.Numerics.Kernels;

/// <summary>Runs a function over spans, a register at a time; what is left at the end goes through a masked register, so that its bits are the same.</summary>
internal static unsafe class VectorLoop
{
    /// <summary>y = f(x); y may be x, but may not overlap it otherwise.</summary>
    public static void Map<T, TFunction>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IUnaryLanes
    {
        Check(x.Length, y.Length);
        fixed (T* from = x, to = y)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Run<T, Vector512<T>, Lanes512<T>, TFunction>(from, to, x.Length);
                    break;
                case SimdLevel.Avx2:
                    Run<T, Vector256<T>, Lanes256<T>, TFunction>(from, to, x.Length);
                    break;
                default:
                    Run<T, Vector128<T>, Lanes128<T>, TFunction>(from, to, x.Length);
                    break;
            }
        }
    }

    /// <summary>y = f(a, b); b has at least the length of a; y may be either, but may not overlap them otherwise.</summary>
    public static void Map<T, TFunction>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
    {
        Check(a.Length, b.Length);
        Check(a.Length, y.Length);
        fixed (T* first = a, second = b, to = y)
        {
            Rows<T, TFunction, N1, N1>(first, 0, second, 0, to, 1, a.Length);
        }
    }

    /// <summary>y = f(a, b) with one b for all elements; y may be a, but may not overlap it otherwise.</summary>
    public static void Map<T, TFunction>(ReadOnlySpan<T> a, T b, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
    {
        Check(a.Length, y.Length);
        fixed (T* first = a, to = y)
        {
            Rows<T, TFunction, N1, N0>(first, 0, &b, 0, to, 1, a.Length);
        }
    }

    /// <summary>y = f(a, b) with one a for all elements; y may be b, but may not overlap it otherwise.</summary>
    public static void Map<T, TFunction>(T a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
    {
        Check(b.Length, y.Length);
        fixed (T* second = b, to = y)
        {
            Rows<T, TFunction, N0, N1>(&a, 0, second, 0, to, 1, b.Length);
        }
    }

    /// <summary>y = f(a, b) for each row of a matrix, in one loop: a call for each of many short rows would take longer than the rows.</summary>
    /// <param name="y">Shape <c>[rows, columns]</c>; it may be an operand that is as large, but may not overlap the operands otherwise.</param>
    public static void Map<T, TFunction>(ReadOnlySpan<T> a, RowWalk walkA, ReadOnlySpan<T> b, RowWalk walkB, Span<T> y, int columns)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
    {
        int rows = columns == 0 ? 0 : y.Length / columns;
        if (rows == 0)
        {
            return;
        }

        Check(((rows - 1) * walkA.Step) + (walkA.Moves ? columns : 1), a.Length);
        Check(((rows - 1) * walkB.Step) + (walkB.Moves ? columns : 1), b.Length);
        fixed (T* first = a, second = b, to = y)
        {
            if (walkA.Moves && walkB.Moves)
            {
                Rows<T, TFunction, N1, N1>(first, walkA.Step, second, walkB.Step, to, rows, columns);
            }
            else if (walkA.Moves)
            {
                Rows<T, TFunction, N1, N0>(first, walkA.Step, second, walkB.Step, to, rows, columns);
            }
            else if (walkB.Moves)
            {
                Rows<T, TFunction, N0, N1>(first, walkA.Step, second, walkB.Step, to, rows, columns);
            }
            else
            {
                Rows<T, TFunction, N0, N0>(first, walkA.Step, second, walkB.Step, to, rows, columns);
            }
        }
    }

    private static void Rows<T, TFunction, TMovesA, TMovesB>(T* a, nint stepA, T* b, nint stepB, T* y, int rows, int columns)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
        where TMovesA : struct, INumber
        where TMovesB : struct, INumber
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                Run<T, Vector512<T>, Lanes512<T>, TFunction, TMovesA, TMovesB>(a, stepA, b, stepB, y, rows, columns);
                break;
            case SimdLevel.Avx2:
                Run<T, Vector256<T>, Lanes256<T>, TFunction, TMovesA, TMovesB>(a, stepA, b, stepB, y, rows, columns);
                break;
            default:
                Run<T, Vector128<T>, Lanes128<T>, TFunction, TMovesA, TMovesB>(a, stepA, b, stepB, y, rows, columns);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<T, TVector, TLanes, TFunction>(T* x, T* y, int count)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TFunction : struct, IUnaryLanes
    {
        int i = 0;
        if (!TFunction.IsLong)
        {
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(y + i, TFunction.Of<T, TVector, TLanes>(TLanes.Load(x + i)));
            }
        }

        for (; i < count; i += TLanes.Count)
        {
            int left = count - i;
            bool whole = TFunction.IsLong && left >= TLanes.Count;
            TVector value = TFunction.Of<T, TVector, TLanes>(whole ? TLanes.Load(x + i) : TLanes.LoadMasked(x + i, TLanes.Mask(left)));
            if (whole)
            {
                TLanes.Store(y + i, value);
            }
            else
            {
                TLanes.StorePart(y + i, value, left);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<T, TVector, TLanes, TFunction, TMovesA, TMovesB>(T* a, nint stepA, T* b, nint stepB, T* y, int rows, int columns)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TFunction : struct, IBinaryLanes
        where TMovesA : struct, INumber
        where TMovesB : struct, INumber
    {
        int rest = columns % TLanes.Count;
        TVector mask = TLanes.Mask(rest);
        for (; rows > 0; rows--, a += stepA, b += stepB)
        {
            TVector va = TMovesA.Value == 0 ? TLanes.Broadcast(*a) : TLanes.Zero, vb = TMovesB.Value == 0 ? TLanes.Broadcast(*b) : TLanes.Zero;
            T* fromA = a, fromB = b;
            for (int left = columns - rest; left > 0; left -= TLanes.Count, fromA += TLanes.Count, fromB += TLanes.Count, y += TLanes.Count)
            {
                va = TMovesA.Value == 0 ? va : TLanes.Load(fromA);
                vb = TMovesB.Value == 0 ? vb : TLanes.Load(fromB);
                TLanes.Store(y, TFunction.Of<T, TVector, TLanes>(va, vb));
            }

            if (rest > 0)
            {
                va = TMovesA.Value == 0 ? va : TLanes.LoadMasked(fromA, mask);
                vb = TMovesB.Value == 0 ? vb : TLanes.LoadMasked(fromB, mask);
                TLanes.StorePart(y, TFunction.Of<T, TVector, TLanes>(va, vb), rest);
                y += rest;
            }
        }
    }

    private static void Check(int needed, int given)
    {
        if (given < needed)
        {
            throw new ArgumentException($"Expected a span of at least {needed} elements, got {given}.");
        }
    }
}
