using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Products too small, or too narrow, for vectors: up to four elements of C at a time, in scalar registers.</summary>
/// <remarks>
/// A chain of fused multiply-adds advances every four cycles, while a plain loop, which rounds the product, adds every two to three: several chains
/// side by side are needed to keep up with it, and one alone cannot.
/// </remarks>
internal static unsafe class MatrixSmall
{
    // Multiply-adds up to which the chains beat vectors, and the same where vectors would need B turned, padded, or hardly filled. Measured.
    private const int Limit = 256;
    private const int HardLimit = 1024;

    /// <summary>Whether <see cref="Run{T}(in MatrixOperands{T})"/> does a product best.</summary>
    public static bool Takes<T>(in MatrixOperands<T> x)
        where T : unmanaged
        => (long)x.M * x.N * x.K <= (x.BColumn == 1 && x.N >= 4 && Simd.Level != SimdLevel.None ? Limit : HardLimit) && x.Bias is null && !x.Relu;

    /// <summary>As <see cref="Run{T}(in MatrixOperands{T})"/> for whole matrices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(bool transposeA, bool transposeB, int m, int n, int k, ref T a, ref T b, ref T c, bool accumulate)
        where T : unmanaged
    {
        nint aRow = transposeA ? 1 : k, aStep = transposeA ? m : 1, bStep = transposeB ? 1 : n, bColumn = transposeB ? k : 1;
        fixed (T* pa = &a, pb = &b, pc = &c)
        {
            T* start = accumulate ? pc : null;
            if (Simd.Level == SimdLevel.None)
            {
                Chains<T, Vector128<T>, Lanes128<T>>(m, n, k, pa, aRow, aStep, pb, bStep, bColumn, pc, n, start, n);
            }
            else
            {
                Chains<T, Vector256<T>, Lanes256<T>>(m, n, k, pa, aRow, aStep, pb, bStep, bColumn, pc, n, start, n);
            }
        }
    }

    /// <summary>C = start + A B, without bias and relu.</summary>
    public static void Run<T>(in MatrixOperands<T> x)
        where T : unmanaged
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                Run<T, Vector512<T>, Lanes512<T>>(x);
                break;
            case SimdLevel.Avx2:
                Run<T, Vector256<T>, Lanes256<T>>(x);
                break;
            default:
                Run<T, Vector128<T>, Lanes128<T>>(x);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TVector, TLanes>(in MatrixOperands<T> x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        Chains<T, TVector, TLanes>(x.M, x.N, x.K, x.A, x.ARow, x.AStep, x.B, x.BStep, x.BColumn, x.C, x.CRow, x.Start, x.StartRow);
    }

    /// <summary>A product of one element over contiguous terms, by the lanes of a register, k rising in each, and their sum added to the start.</summary>
    public static T Dot<T>(int k, T* a, T* b, T start)
        where T : unmanaged => Simd.Level switch
        {
            SimdLevel.Avx512 => Dot<T, Vector512<T>, Lanes512<T>>(k, a, b, start),
            SimdLevel.Avx2 => Dot<T, Vector256<T>, Lanes256<T>>(k, a, b, start),
            _ => Dot<T, Vector128<T>, Lanes128<T>>(k, a, b, start),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chains<T, TVector, TLanes>(
        int m, int n, int k, T* a, nint aRow, nint aStep, T* b, nint bStep, nint bColumn, T* c, nint cRow, T* start, nint startRow)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        nint cColumn = 1, startColumn = 1;
        if (n < 4 && n < m)
        {
            // Along the columns, whose elements are as independent as those of a row.
            T* swapped = a;
            a = b;
            b = swapped;
            (m, n, aRow, bColumn, aStep, bStep) = (n, m, bColumn, aRow, bStep, aStep);
            (cRow, cColumn, startRow, startColumn) = (cColumn, cRow, startColumn, startRow);
        }

        Rows<T, TVector, TLanes>(m, n, k, a, aRow, aStep, b, bStep, bColumn, c, cRow, cColumn, start, startRow, startColumn);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot<T, TVector, TLanes>(int k, T* a, T* b, T start)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector lanes = TLanes.Zero;
        for (; k >= TLanes.Count; k -= TLanes.Count)
        {
            lanes = TLanes.MultiplyAdd(TLanes.Load(a), TLanes.Load(b), lanes);
            a += TLanes.Count;
            b += TLanes.Count;
        }

        if (!TLanes.HasMasks)
        {
            T sum = Add(start, TLanes.SumOfLanes(lanes));
            MatrixTiny.Dot(k, ref *a, ref *b, ref sum, accumulate: true);
            return sum;
        }

        if (k > 0)
        {
            TVector mask = TLanes.Mask(k);
            lanes = TLanes.MultiplyAdd(TLanes.LoadMasked(a, mask), TLanes.LoadMasked(b, mask), lanes);
        }

        return Add(start, TLanes.SumOfLanes(lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Add<T>(T a, T b)
        where T : unmanaged
        => typeof(T) == typeof(float) ? (T)(object)((float)(object)a + (float)(object)b) : (T)(object)((double)(object)a + (double)(object)b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<T, TVector, TLanes>(
        int m, int n, int k, T* a, nint aRow, nint aStep, T* b, nint bStep, nint bColumn,
        T* c, nint cRow, nint cColumn, T* start, nint startRow, nint startColumn)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        for (; m > 0; m--)
        {
            T* bj = b, cj = c, sj = start;
            int j = n;
            for (; j >= 4; j -= 4)
            {
                T c0 = default, c1 = default, c2 = default, c3 = default;
                if (sj is not null)
                {
                    (c0, c1, c2, c3) = (sj[0], sj[startColumn], sj[2 * startColumn], sj[3 * startColumn]);
                    sj += 4 * startColumn;
                }

                T* ap = a, bp = bj, bp3 = bj + (3 * bColumn);
                for (int p = k; p > 0; p--)
                {
                    T value = *ap;
                    c0 = TLanes.MultiplyAdd(value, bp[0], c0);
                    c1 = TLanes.MultiplyAdd(value, bp[bColumn], c1);
                    c2 = TLanes.MultiplyAdd(value, bp[2 * bColumn], c2);
                    c3 = TLanes.MultiplyAdd(value, *bp3, c3);
                    ap += aStep;
                    bp += bStep;
                    bp3 += bStep;
                }

                cj[0] = c0;
                cj[cColumn] = c1;
                cj[2 * cColumn] = c2;
                cj[3 * cColumn] = c3;
                cj += 4 * cColumn;
                bj += 4 * bColumn;
            }

            if (j >= 2)
            {
                T c0 = default, c1 = default, c2 = default;
                nint third = j == 3 ? 2 : 1;
                if (sj is not null)
                {
                    (c0, c1, c2) = (sj[0], sj[startColumn], sj[third * startColumn]);
                }

                // With two columns left, the third chain repeats the second.
                T* ap = a, bp = bj, bp2 = bj + (third * bColumn);
                for (int p = k; p > 0; p--)
                {
                    T value = *ap;
                    c0 = TLanes.MultiplyAdd(value, bp[0], c0);
                    c1 = TLanes.MultiplyAdd(value, bp[bColumn], c1);
                    c2 = TLanes.MultiplyAdd(value, *bp2, c2);
                    ap += aStep;
                    bp += bStep;
                    bp2 += bStep;
                }

                cj[0] = c0;
                cj[cColumn] = c1;
                cj[third * cColumn] = c2;
            }
            else if (j == 1)
            {
                T c0 = sj is null ? default : *sj;
                T* ap = a, bp = bj;
                for (int p = k; p > 0; p--)
                {
                    c0 = TLanes.MultiplyAdd(*ap, *bp, c0);
                    ap += aStep;
                    bp += bStep;
                }

                *cj = c0;
            }

            a += aRow;
            c += cRow;
            start = start is null ? null : start + startRow;
        }
    }
}
