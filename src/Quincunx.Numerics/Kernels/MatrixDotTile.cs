using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>The innermost loops of <see cref="MatrixDots"/>: scalar products of a few rows of A with up to four of B, held in registers.</summary>
internal static unsafe class MatrixDotTile
{
    /// <summary>C = start + A Bᵀ for tiles of <typeparamref name="TRows"/> rows and <typeparamref name="TColumns"/> columns, one below the other.</summary>
    /// <remarks>
    /// Lane l of an accumulator takes k = l, l + lanes, l + 2 lanes and so on in rising order; the lanes are then added by the tree of
    /// <see cref="ILanes{T, TVector}.StoreSums"/>, and their sum to start. <paramref name="x"/> is the whole product, the first tile's
    /// corner at <paramref name="row"/> and <paramref name="column"/>. <paramref name="sums"/> is room for 20 numbers: taken here it would
    /// bring a check of the stack, whose call makes the compiler spill the accumulators. Rows and columns above the sizes vanish
    /// when the method is compiled.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TVector, TLanes, TRows, TColumns>(in MatrixOperands<T> x, int row, int column, int tiles, T* sums)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TRows : struct, INumber
        where TColumns : struct, INumber
    {
        int tail = x.K % TLanes.Count;
        nint vectors = x.K / TLanes.Count;
        TVector mask = TLanes.Mask(tail);
        nint aRow = x.ARow, aRow2 = 2 * aRow, bRow = x.BColumn, bRow2 = 2 * bRow;
        T* a = x.A + (row * aRow), b = x.B + (column * bRow);
        T* c = x.C + (row * x.CRow) + column;
        T* start = x.Start is null ? null : x.Start + (row * x.StartRow) + column;
        for (; tiles > 0; tiles--)
        {
            TVector c00 = default, c01 = default, c02 = default, c03 = default;
            TVector c10 = default, c11 = default, c12 = default, c13 = default;
            TVector c20 = default, c21 = default, c22 = default, c23 = default;
            TVector c30 = default, c31 = default, c32 = default, c33 = default;
            TVector c40 = default, c41 = default, c42 = default, c43 = default;
            T* a0 = a, a3 = a + (3 * aRow), b0 = b, b3 = b + (3 * bRow);
            for (nint i = vectors; i > 0; i--)
            {
                TVector x0 = TLanes.Load(a0);
                TVector x1 = TRows.Value > 1 ? TLanes.Load(a0 + aRow) : default;
                TVector x2 = TRows.Value > 2 ? TLanes.Load(a0 + aRow2) : default;
                TVector x3 = TRows.Value > 3 ? TLanes.Load(a3) : default;
                TVector x4 = TRows.Value > 4 ? TLanes.Load(a3 + aRow) : default;
                Column<T, TVector, TLanes, TRows>(TLanes.Load(b0), x0, x1, x2, x3, x4, ref c00, ref c10, ref c20, ref c30, ref c40);
                if (TColumns.Value > 1)
                {
                    Column<T, TVector, TLanes, TRows>(TLanes.Load(b0 + bRow), x0, x1, x2, x3, x4, ref c01, ref c11, ref c21, ref c31, ref c41);
                }

                if (TColumns.Value > 2)
                {
                    Column<T, TVector, TLanes, TRows>(TLanes.Load(b0 + bRow2), x0, x1, x2, x3, x4, ref c02, ref c12, ref c22, ref c32, ref c42);
                }

                if (TColumns.Value > 3)
                {
                    Column<T, TVector, TLanes, TRows>(TLanes.Load(b3), x0, x1, x2, x3, x4, ref c03, ref c13, ref c23, ref c33, ref c43);
                }

                a0 += TLanes.Count;
                a3 += TLanes.Count;
                b0 += TLanes.Count;
                b3 += TLanes.Count;
            }

            if (tail != 0)
            {
                TVector x0 = TLanes.LoadMasked(a0, mask);
                TVector x1 = TRows.Value > 1 ? TLanes.LoadMasked(a0 + aRow, mask) : default;
                TVector x2 = TRows.Value > 2 ? TLanes.LoadMasked(a0 + aRow2, mask) : default;
                TVector x3 = TRows.Value > 3 ? TLanes.LoadMasked(a3, mask) : default;
                TVector x4 = TRows.Value > 4 ? TLanes.LoadMasked(a3 + aRow, mask) : default;
                Column<T, TVector, TLanes, TRows>(TLanes.LoadMasked(b0, mask), x0, x1, x2, x3, x4, ref c00, ref c10, ref c20, ref c30, ref c40);
                if (TColumns.Value > 1)
                {
                    Column<T, TVector, TLanes, TRows>(TLanes.LoadMasked(b0 + bRow, mask), x0, x1, x2, x3, x4, ref c01, ref c11, ref c21, ref c31, ref c41);
                }

                if (TColumns.Value > 2)
                {
                    Column<T, TVector, TLanes, TRows>(TLanes.LoadMasked(b0 + bRow2, mask), x0, x1, x2, x3, x4, ref c02, ref c12, ref c22, ref c32, ref c42);
                }

                if (TColumns.Value > 3)
                {
                    Column<T, TVector, TLanes, TRows>(TLanes.LoadMasked(b3, mask), x0, x1, x2, x3, x4, ref c03, ref c13, ref c23, ref c33, ref c43);
                }
            }

            TLanes.StoreSums(sums, c00, c01, c02, c03);
            if (TRows.Value > 1)
            {
                TLanes.StoreSums(sums + 4, c10, c11, c12, c13);
            }

            if (TRows.Value > 2)
            {
                TLanes.StoreSums(sums + 8, c20, c21, c22, c23);
            }

            if (TRows.Value > 3)
            {
                TLanes.StoreSums(sums + 12, c30, c31, c32, c33);
            }

            if (TRows.Value > 4)
            {
                TLanes.StoreSums(sums + 16, c40, c41, c42, c43);
            }

            Finish(TRows.Value, TColumns.Value, sums, start, x.StartRow, c, x.CRow);
            a += TRows.Value * aRow;
            c += TRows.Value * x.CRow;
            start = start is null ? null : start + (TRows.Value * x.StartRow);
        }
    }

    // One row of B with every row of A.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<T, TVector, TLanes, TRows>(
        TVector y, TVector x0, TVector x1, TVector x2, TVector x3, TVector x4,
        ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3, ref TVector c4)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TRows : struct, INumber
    {
        c0 = TLanes.MultiplyAdd(x0, y, c0);
        c1 = TRows.Value > 1 ? TLanes.MultiplyAdd(x1, y, c1) : c1;
        c2 = TRows.Value > 2 ? TLanes.MultiplyAdd(x2, y, c2) : c2;
        c3 = TRows.Value > 3 ? TLanes.MultiplyAdd(x3, y, c3) : c3;
        c4 = TRows.Value > 4 ? TLanes.MultiplyAdd(x4, y, c4) : c4;
    }

    // C = start + sums. Apart from the loop, where it would cost registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Finish<T>(int rows, int columns, T* sums, T* start, nint startRow, T* c, nint cRow)
        where T : unmanaged
    {
        for (; rows > 0; rows--)
        {
            if (typeof(T) == typeof(float))
            {
                Finish(columns, (float*)sums, (float*)start, (float*)c);
            }
            else
            {
                Finish(columns, (double*)sums, (double*)start, (double*)c);
            }

            sums += 4;
            c += cRow;
            start = start is null ? null : start + startRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(int columns, float* sums, float* start, float* c)
    {
        if (columns == 4)
        {
            Vector128<float> four = Vector128.Load(sums);
            (start is null ? four : Vector128.Load(start) + four).Store(c);
            return;
        }

        for (int j = 0; j < columns; j++)
        {
            c[j] = start is null ? sums[j] : start[j] + sums[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(int columns, double* sums, double* start, double* c)
    {
        if (columns == 4)
        {
            Vector256<double> four = Vector256.Load(sums);
            (start is null ? four : Vector256.Load(start) + four).Store(c);
            return;
        }

        for (int j = 0; j < columns; j++)
        {
            c[j] = start is null ? sums[j] : start[j] + sums[j];
        }
    }
}
