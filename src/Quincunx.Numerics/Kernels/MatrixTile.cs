using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>The innermost loop of the matrix product: one tile of C held in registers while k runs.</summary>
internal static unsafe class MatrixTile
{
    /// <summary>C = start + A B for a tile of <typeparamref name="TRows"/> rows and <typeparamref name="TWidth"/> registers.</summary>
    /// <remarks>
    /// Every element of C is one chain of multiply-adds over k in rising order, begun at <paramref name="start"/> (zero
    /// where null). It therefore has the same bits however the product was cut into tiles, blocks and threads.
    /// All steps are in elements. A(i, p) is at <c>a[i * aRow + p * aStep]</c>, so that both orders of storage, packed or
    /// not, are read alike. Where <typeparamref name="TEdge"/> is not 0, only <paramref name="tail"/> lanes of the tile's last
    /// register exist in C; B is then read by mask, or, without masks, has to be padded. Rows above <typeparamref name="TRows"/> vanish when the method is compiled.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TVector, TLanes, TRows, TWidth, TEdge>(
        nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, T* start, nint startRow, int tail)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TRows : struct, INumber
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        TVector mask = TEdge.Value != 0 ? TLanes.Mask(tail) : default;
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        TVector c40 = default, c41 = default;
        TVector c50 = default, c51 = default;
        TVector c60 = default, c61 = default;
        TVector c70 = default, c71 = default;
        TVector c80 = default, c81 = default;
        TVector c90 = default, c91 = default;
        TVector c100 = default, c101 = default;
        TVector c110 = default, c111 = default;
        if (start is not null)
        {
            Read<T, TVector, TLanes, TWidth, TEdge>(start, mask, out c00, out c01);
            if (TRows.Value > 1)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + startRow, mask, out c10, out c11);
            }

            if (TRows.Value > 2)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (2 * startRow), mask, out c20, out c21);
            }

            if (TRows.Value > 3)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (3 * startRow), mask, out c30, out c31);
            }

            if (TRows.Value > 4)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (4 * startRow), mask, out c40, out c41);
            }

            if (TRows.Value > 5)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (5 * startRow), mask, out c50, out c51);
            }

            if (TRows.Value > 6)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (6 * startRow), mask, out c60, out c61);
            }

            if (TRows.Value > 7)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (7 * startRow), mask, out c70, out c71);
            }

            if (TRows.Value > 8)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (8 * startRow), mask, out c80, out c81);
            }

            if (TRows.Value > 9)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (9 * startRow), mask, out c90, out c91);
            }

            if (TRows.Value > 10)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (10 * startRow), mask, out c100, out c101);
            }

            if (TRows.Value > 11)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(start + (11 * startRow), mask, out c110, out c111);
            }
        }

        // Three rows to a pointer: the processor adds once or twice the step for free.
        nint aRow2 = 2 * aRow;
        T* a3 = a + (3 * aRow), a6 = a + (6 * aRow), a9 = a + (9 * aRow);
        for (; k > 0; k--)
        {
            Read<T, TVector, TLanes, TWidth, TEdge>(b, mask, out TVector b0, out TVector b1, padded: !TLanes.HasMasks);
            Step<T, TVector, TLanes, TWidth>(a[0], b0, b1, ref c00, ref c01);
            if (TRows.Value > 1)
            {
                Step<T, TVector, TLanes, TWidth>(a[aRow], b0, b1, ref c10, ref c11);
            }

            if (TRows.Value > 2)
            {
                Step<T, TVector, TLanes, TWidth>(a[aRow2], b0, b1, ref c20, ref c21);
            }

            if (TRows.Value > 3)
            {
                Step<T, TVector, TLanes, TWidth>(a3[0], b0, b1, ref c30, ref c31);
            }

            if (TRows.Value > 4)
            {
                Step<T, TVector, TLanes, TWidth>(a3[aRow], b0, b1, ref c40, ref c41);
            }

            if (TRows.Value > 5)
            {
                Step<T, TVector, TLanes, TWidth>(a3[aRow2], b0, b1, ref c50, ref c51);
            }

            if (TRows.Value > 6)
            {
                Step<T, TVector, TLanes, TWidth>(a6[0], b0, b1, ref c60, ref c61);
            }

            if (TRows.Value > 7)
            {
                Step<T, TVector, TLanes, TWidth>(a6[aRow], b0, b1, ref c70, ref c71);
            }

            if (TRows.Value > 8)
            {
                Step<T, TVector, TLanes, TWidth>(a6[aRow2], b0, b1, ref c80, ref c81);
            }

            if (TRows.Value > 9)
            {
                Step<T, TVector, TLanes, TWidth>(a9[0], b0, b1, ref c90, ref c91);
            }

            if (TRows.Value > 10)
            {
                Step<T, TVector, TLanes, TWidth>(a9[aRow], b0, b1, ref c100, ref c101);
            }

            if (TRows.Value > 11)
            {
                Step<T, TVector, TLanes, TWidth>(a9[aRow2], b0, b1, ref c110, ref c111);
            }

            a += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
            b += bStep;
        }

        Write<T, TVector, TLanes, TWidth, TEdge>(c, c00, c01, tail);
        if (TRows.Value > 1)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + cRow, c10, c11, tail);
        }

        if (TRows.Value > 2)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (2 * cRow), c20, c21, tail);
        }

        if (TRows.Value > 3)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (3 * cRow), c30, c31, tail);
        }

        if (TRows.Value > 4)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (4 * cRow), c40, c41, tail);
        }

        if (TRows.Value > 5)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (5 * cRow), c50, c51, tail);
        }

        if (TRows.Value > 6)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (6 * cRow), c60, c61, tail);
        }

        if (TRows.Value > 7)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (7 * cRow), c70, c71, tail);
        }

        if (TRows.Value > 8)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (8 * cRow), c80, c81, tail);
        }

        if (TRows.Value > 9)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (9 * cRow), c90, c91, tail);
        }

        if (TRows.Value > 10)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (10 * cRow), c100, c101, tail);
        }

        if (TRows.Value > 11)
        {
            Write<T, TVector, TLanes, TWidth, TEdge>(c + (11 * cRow), c110, c111, tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read<T, TVector, TLanes, TWidth, TEdge>(
        T* row, TVector mask, out TVector v0, out TVector v1, bool padded = false)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        if (TWidth.Value == 1)
        {
            v0 = TEdge.Value != 0 && !padded ? TLanes.LoadMasked(row, mask) : TLanes.Load(row);
            v1 = default;
        }
        else
        {
            v0 = TLanes.Load(row);
            v1 = TEdge.Value != 0 && !padded ? TLanes.LoadMasked(row + TLanes.Count, mask) : TLanes.Load(row + TLanes.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T, TVector, TLanes, TWidth>(T value, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
    {
        TVector x = TLanes.Broadcast(value);
        c0 = TLanes.MultiplyAdd(x, b0, c0);
        if (TWidth.Value > 1)
        {
            c1 = TLanes.MultiplyAdd(x, b1, c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T, TVector, TLanes, TWidth, TEdge>(T* row, TVector v0, TVector v1, int tail)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        TVector last = TWidth.Value > 1 ? v1 : v0;
        if (TWidth.Value > 1)
        {
            TLanes.Store(row, v0);
            row += TLanes.Count;
        }

        if (TEdge.Value != 0)
        {
            TLanes.StorePart(row, last, tail);
        }
        else
        {
            TLanes.Store(row, last);
        }
    }
}
