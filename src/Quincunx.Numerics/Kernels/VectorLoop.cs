using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>y = f(x, number); y may be x, but may not overlap it otherwise.</summary>
    public static void Map<T, TFunction>(ReadOnlySpan<T> x, T number, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IBinaryLanes
    {
        Check(x.Length, y.Length);
        fixed (T* from = x, to = y)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Run<T, Vector512<T>, Lanes512<T>, TFunction>(from, number, to, x.Length);
                    break;
                case SimdLevel.Avx2:
                    Run<T, Vector256<T>, Lanes256<T>, TFunction>(from, number, to, x.Length);
                    break;
                default:
                    Run<T, Vector128<T>, Lanes128<T>, TFunction>(from, number, to, x.Length);
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
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Run<T, Vector512<T>, Lanes512<T>, TFunction>(first, second, to, a.Length);
                    break;
                case SimdLevel.Avx2:
                    Run<T, Vector256<T>, Lanes256<T>, TFunction>(first, second, to, a.Length);
                    break;
                default:
                    Run<T, Vector128<T>, Lanes128<T>, TFunction>(first, second, to, a.Length);
                    break;
            }
        }
    }

    // One copy of the function serves whole and partial registers: it may be long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TVector, TLanes, TFunction>(T* x, T* y, int count)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TFunction : struct, IUnaryLanes
    {
        for (int i = 0; i < count; i += TLanes.Count)
        {
            int left = count - i;
            bool whole = left >= TLanes.Count;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TVector, TLanes, TFunction>(T* x, T number, T* y, int count)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TFunction : struct, IBinaryLanes
    {
        TVector same = TLanes.Broadcast(number);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            int left = count - i;
            bool whole = left >= TLanes.Count;
            TVector value = TFunction.Of<T, TVector, TLanes>(
                whole ? TLanes.Load(x + i) : TLanes.LoadMasked(x + i, TLanes.Mask(left)), same);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TVector, TLanes, TFunction>(T* a, T* b, T* y, int count)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TFunction : struct, IBinaryLanes
    {
        for (int i = 0; i < count; i += TLanes.Count)
        {
            int left = count - i;
            if (left >= TLanes.Count)
            {
                TLanes.Store(y + i, TFunction.Of<T, TVector, TLanes>(TLanes.Load(a + i), TLanes.Load(b + i)));
            }
            else
            {
                TVector mask = TLanes.Mask(left);
                TLanes.StorePart(y + i, TFunction.Of<T, TVector, TLanes>(TLanes.LoadMasked(a + i, mask), TLanes.LoadMasked(b + i, mask)), left);
            }
        }
    }

    private static void Check(int from, int to)
    {
        if (to < from)
        {
            throw new ArgumentException($"Expected a target of at least {from} elements, got {to}.");
        }
    }
}
