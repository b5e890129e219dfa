using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>What decompositions do with rows: take multiples of rows off one, rotate two, multiply two.</summary>
/// <remarks>Spans may not overlap unless said otherwise. Sums have one order, whatever the width of the registers.</remarks>
internal static unsafe class RowUpdates
{
    // Bytes of the lanes that a sum is distributed over.
    private const int LaneBytes = 64;

    /// <summary>y -= Σⱼ cⱼ xⱼ over rows of a matrix, in their order.</summary>
    /// <param name="c">Coefficient j is at <c>j · step</c>.</param>
    /// <param name="x">Row j starts at <c>j · stride</c> and has at least the length of <paramref name="y"/>.</param>
    public static void Subtract<T>(ReadOnlySpan<T> c, int step, ReadOnlySpan<T> x, int stride, int count, Span<T> y)
        where T : unmanaged
    {
        if (count == 0 || y.IsEmpty)
        {
            return;
        }

        Check(((count - 1) * step) + 1, c.Length);
        Check(((count - 1) * stride) + y.Length, x.Length);
        fixed (T* coefficients = c, rows = x, into = y)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Subtract<T, Vector512<T>, Lanes512<T>>(coefficients, step, rows, stride, count, into, y.Length);
                    break;
                case SimdLevel.Avx2:
                    Subtract<T, Vector256<T>, Lanes256<T>>(coefficients, step, rows, stride, count, into, y.Length);
                    break;
                default:
                    Subtract<T, Vector128<T>, Lanes128<T>>(coefficients, step, rows, stride, count, into, y.Length);
                    break;
            }
        }
    }

    /// <summary>Σ xᵢ yᵢ; the spans may be the same.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged
    {
        Check(x.Length, y.Length);
        fixed (T* a = x, b = y)
        {
            return Simd.Level switch
            {
                SimdLevel.Avx512 => Dot<T, Vector512<T>, Lanes512<T>>(a, b, x.Length),
                SimdLevel.Avx2 => Dot<T, Vector256<T>, Lanes256<T>>(a, b, x.Length),
                _ => Dot<T, Vector128<T>, Lanes128<T>>(a, b, x.Length),
            };
        }
    }

    /// <summary>(x, y) becomes (c x - s y, s x + c y).</summary>
    public static void Rotate<T>(Span<T> x, Span<T> y, T c, T s)
        where T : unmanaged
    {
        Check(x.Length, y.Length);
        fixed (T* a = x, b = y)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Rotate<T, Vector512<T>, Lanes512<T>>(a, b, x.Length, c, s);
                    break;
                case SimdLevel.Avx2:
                    Rotate<T, Vector256<T>, Lanes256<T>>(a, b, x.Length, c, s);
                    break;
                default:
                    Rotate<T, Vector128<T>, Lanes128<T>>(a, b, x.Length, c, s);
                    break;
            }
        }
    }

    private static void Check(int needed, int length) => ArgumentOutOfRangeException.ThrowIfLessThan(length, needed);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract<T, TVector, TLanes>(T* c, int step, T* x, int stride, int count, T* y, int length)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int w = TLanes.Count, i = 0;
        for (; i + (4 * w) <= length; i += 4 * w)
        {
            TVector y0 = TLanes.Load(y + i), y1 = TLanes.Load(y + i + w), y2 = TLanes.Load(y + i + (2 * w)), y3 = TLanes.Load(y + i + (3 * w));
            T* row = x + i;
            for (int j = 0; j < count; j++, row += stride)
            {
                TVector factor = TLanes.Negate(TLanes.Broadcast(c[(nint)j * step]));
                y0 = TLanes.MultiplyAdd(factor, TLanes.Load(row), y0);
                y1 = TLanes.MultiplyAdd(factor, TLanes.Load(row + w), y1);
                y2 = TLanes.MultiplyAdd(factor, TLanes.Load(row + (2 * w)), y2);
                y3 = TLanes.MultiplyAdd(factor, TLanes.Load(row + (3 * w)), y3);
            }

            TLanes.Store(y + i, y0);
            TLanes.Store(y + i + w, y1);
            TLanes.Store(y + i + (2 * w), y2);
            TLanes.Store(y + i + (3 * w), y3);
        }

        for (; i + w <= length; i += w)
        {
            TVector sum = TLanes.Load(y + i);
            T* row = x + i;
            for (int j = 0; j < count; j++, row += stride)
            {
                sum = TLanes.MultiplyAdd(TLanes.Negate(TLanes.Broadcast(c[(nint)j * step])), TLanes.Load(row), sum);
            }

            TLanes.Store(y + i, sum);
        }

        if (i < length)
        {
            TVector mask = TLanes.Mask(length - i), sum = TLanes.LoadMasked(y + i, mask);
            T* row = x + i;
            for (int j = 0; j < count; j++, row += stride)
            {
                sum = TLanes.MultiplyAdd(TLanes.Negate(TLanes.Broadcast(c[(nint)j * step])), TLanes.LoadMasked(row, mask), sum);
            }

            TLanes.StorePart(y + i, sum, length - i);
        }
    }

    // Element i belongs to accumulator i / lanes mod 2 and to lane i mod lanes; narrow registers take the lanes in several passes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot<T, TVector, TLanes>(T* x, T* y, int length)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int w = TLanes.Count, lanes = LaneBytes / sizeof(T);
        T* sums = stackalloc T[LaneBytes / 4];
        for (int from = 0; from < lanes; from += w)
        {
            TVector even = TLanes.Zero, odd = TLanes.Zero;
            int i = from;
            for (; i + lanes + w <= length; i += 2 * lanes)
            {
                even = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), even);
                odd = TLanes.MultiplyAdd(TLanes.Load(x + i + lanes), TLanes.Load(y + i + lanes), odd);
            }

            if (i < length)
            {
                TVector mask = TLanes.Mask(Math.Min(w, length - i));
                even = TLanes.MultiplyAdd(TLanes.LoadMasked(x + i, mask), TLanes.LoadMasked(y + i, mask), even);
            }

            if (i + lanes < length)
            {
                TVector mask = TLanes.Mask(Math.Min(w, length - i - lanes));
                odd = TLanes.MultiplyAdd(TLanes.LoadMasked(x + i + lanes, mask), TLanes.LoadMasked(y + i + lanes, mask), odd);
            }

            TLanes.Store(sums + from, TLanes.Add(even, odd));
        }

        for (int half = lanes / 2; half >= w; half /= 2)
        {
            for (int i = 0; i < half; i += w)
            {
                TLanes.Store(sums + i, TLanes.Add(TLanes.Load(sums + i), TLanes.Load(sums + i + half)));
            }
        }

        return TLanes.SumOfLanes(TLanes.Load(sums));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate<T, TVector, TLanes>(T* x, T* y, int length, T cosine, T sine)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int w = TLanes.Count, i = 0;
        TVector c = TLanes.Broadcast(cosine), s = TLanes.Broadcast(sine), minus = TLanes.Negate(s);
        for (; i + w <= length; i += w)
        {
            TVector a = TLanes.Load(x + i), b = TLanes.Load(y + i);
            TLanes.Store(x + i, TLanes.MultiplyAdd(minus, b, TLanes.Multiply(c, a)));
            TLanes.Store(y + i, TLanes.MultiplyAdd(c, b, TLanes.Multiply(s, a)));
        }

        if (i < length)
        {
            TVector mask = TLanes.Mask(length - i), a = TLanes.LoadMasked(x + i, mask), b = TLanes.LoadMasked(y + i, mask);
            TLanes.StorePart(x + i, TLanes.MultiplyAdd(minus, b, TLanes.Multiply(c, a)), length - i);
            TLanes.StorePart(y + i, TLanes.MultiplyAdd(c, b, TLanes.Multiply(s, a)), length - i);
        }
    }
}
