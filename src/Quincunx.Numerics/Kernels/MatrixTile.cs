using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Numerics.Kernels;

/// <summary>The innermost loop of the matrix product: one tile of C held in registers while k runs, and the next below it.</summary>
internal static unsafe partial class MatrixTile
{
    // From this depth on, a tile takes longer than its successor's part of C needs to come from the outer caches.
    private const int PrefetchDepth = 64;

    /// <summary>C = start + bias + A B for tiles of <typeparamref name="TRows"/> rows and <typeparamref name="TWidth"/> registers, one below the other.</summary>
    /// <remarks>
    /// Every element of C is one chain of multiply-adds over k in rising order, begun at start + bias. It therefore has the same bits
    /// however the product was cut into tiles, blocks and threads.
    /// <paramref name="x"/> is the whole product and the first tile's corner is at <paramref name="row"/> and <paramref name="column"/>. A and B,
    /// packed or not, are read from <paramref name="a"/> and <paramref name="b"/>: A(i, p) of a tile at <c>a[i * x.ARow + p * aStep]</c>, the next
    /// tile <paramref name="tileStep"/> elements further. Where <typeparamref name="TEdge"/> is not 0, only <paramref name="tail"/> lanes
    /// of the tile's last register exist in C; B is then read by mask, or, without masks, has to be padded. Rows above
    /// <typeparamref name="TRows"/> vanish when the method is compiled.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TVector, TLanes, TRows, TWidth, TEdge>(
        in MatrixOperands<T> x, int row, int column, int tiles, int tail, T* a, nint aStep, nint tileStep, T* b, nint bStep)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TRows : struct, INumber
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        TVector mask = TEdge.Value != 0 ? TLanes.Mask(tail) : default;
        T* c = x.C + (row * x.CRow) + column;
        T* start = x.Start is null ? null : x.Start + (row * x.StartRow) + column;
        T* bias = x.Bias is null ? null : x.Bias + (row * x.BiasStep);
        nint aRow = x.ARow;

        // Three rows to a pointer: the processor adds once or twice the step for free.
        nint aRow2 = 2 * aRow, aRow3 = 3 * aRow;
        for (; tiles > 0; tiles--)
        {
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
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + x.StartRow, mask, out c10, out c11);
                }

                if (TRows.Value > 2)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (2 * x.StartRow), mask, out c20, out c21);
                }

                if (TRows.Value > 3)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (3 * x.StartRow), mask, out c30, out c31);
                }

                if (TRows.Value > 4)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (4 * x.StartRow), mask, out c40, out c41);
                }

                if (TRows.Value > 5)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (5 * x.StartRow), mask, out c50, out c51);
                }

                if (TRows.Value > 6)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (6 * x.StartRow), mask, out c60, out c61);
                }

                if (TRows.Value > 7)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (7 * x.StartRow), mask, out c70, out c71);
                }

                if (TRows.Value > 8)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (8 * x.StartRow), mask, out c80, out c81);
                }

                if (TRows.Value > 9)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (9 * x.StartRow), mask, out c90, out c91);
                }

                if (TRows.Value > 10)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (10 * x.StartRow), mask, out c100, out c101);
                }

                if (TRows.Value > 11)
                {
                    Read<T, TVector, TLanes, TWidth, TEdge>(start + (11 * x.StartRow), mask, out c110, out c111);
                }

                start += TRows.Value * x.StartRow;
            }

            if (bias is not null)
            {
                Add<T, TVector, TLanes, TWidth>(bias[0], ref c00, ref c01);
                if (TRows.Value > 1)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[x.BiasStep], ref c10, ref c11);
                }

                if (TRows.Value > 2)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[2 * x.BiasStep], ref c20, ref c21);
                }

                if (TRows.Value > 3)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[3 * x.BiasStep], ref c30, ref c31);
                }

                if (TRows.Value > 4)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[4 * x.BiasStep], ref c40, ref c41);
                }

                if (TRows.Value > 5)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[5 * x.BiasStep], ref c50, ref c51);
                }

                if (TRows.Value > 6)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[6 * x.BiasStep], ref c60, ref c61);
                }

                if (TRows.Value > 7)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[7 * x.BiasStep], ref c70, ref c71);
                }

                if (TRows.Value > 8)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[8 * x.BiasStep], ref c80, ref c81);
                }

                if (TRows.Value > 9)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[9 * x.BiasStep], ref c90, ref c91);
                }

                if (TRows.Value > 10)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[10 * x.BiasStep], ref c100, ref c101);
                }

                if (TRows.Value > 11)
                {
                    Add<T, TVector, TLanes, TWidth>(bias[11 * x.BiasStep], ref c110, ref c111);
                }

                bias += TRows.Value * x.BiasStep;
            }

            T* a0 = a, a3 = a + aRow3, a6 = a3 + aRow3, a9 = a6 + aRow3, bk = b;
            if (tiles > 1 && x.K >= PrefetchDepth && Sse.IsSupported)
            {
                T* next = c + (TRows.Value * x.CRow);
                for (int i = 0; i < TRows.Value; i++)
                {
                    Sse.Prefetch0(next);
                    if (TWidth.Value > 1)
                    {
                        Sse.Prefetch0(next + TLanes.Count);
                    }

                    next += x.CRow;
                }
            }

            for (nint k = x.K; k > 0; k--)
            {
                Read<T, TVector, TLanes, TWidth, TEdge>(bk, mask, out TVector b0, out TVector b1, padded: !TLanes.HasMasks);
                Step<T, TVector, TLanes, TWidth>(a0, b0, b1, ref c00, ref c01);
                if (TRows.Value > 1)
                {
                    Step<T, TVector, TLanes, TWidth>(a0 + aRow, b0, b1, ref c10, ref c11);
                }

                if (TRows.Value > 2)
                {
                    Step<T, TVector, TLanes, TWidth>(a0 + aRow2, b0, b1, ref c20, ref c21);
                }

                if (TRows.Value > 3)
                {
                    Step<T, TVector, TLanes, TWidth>(a3, b0, b1, ref c30, ref c31);
                }

                if (TRows.Value > 4)
                {
                    Step<T, TVector, TLanes, TWidth>(a3 + aRow, b0, b1, ref c40, ref c41);
                }

                if (TRows.Value > 5)
                {
                    Step<T, TVector, TLanes, TWidth>(a3 + aRow2, b0, b1, ref c50, ref c51);
                }

                if (TRows.Value > 6)
                {
                    Step<T, TVector, TLanes, TWidth>(a6, b0, b1, ref c60, ref c61);
                }

                if (TRows.Value > 7)
                {
                    Step<T, TVector, TLanes, TWidth>(a6 + aRow, b0, b1, ref c70, ref c71);
                }

                if (TRows.Value > 8)
                {
                    Step<T, TVector, TLanes, TWidth>(a6 + aRow2, b0, b1, ref c80, ref c81);
                }

                if (TRows.Value > 9)
                {
                    Step<T, TVector, TLanes, TWidth>(a9, b0, b1, ref c90, ref c91);
                }

                if (TRows.Value > 10)
                {
                    Step<T, TVector, TLanes, TWidth>(a9 + aRow, b0, b1, ref c100, ref c101);
                }

                if (TRows.Value > 11)
                {
                    Step<T, TVector, TLanes, TWidth>(a9 + aRow2, b0, b1, ref c110, ref c111);
                }

                a0 += aStep;
                a3 += aStep;
                a6 += aStep;
                a9 += aStep;
                bk += bStep;
            }

            // Without relu the floor changes nothing, and costs less than to ask.
            TVector floor = x.Relu ? default : TLanes.NegativeInfinity;
            Write<T, TVector, TLanes, TWidth, TEdge>(c, c00, c01, floor, tail);
            if (TRows.Value > 1)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + x.CRow, c10, c11, floor, tail);
            }

            if (TRows.Value > 2)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (2 * x.CRow), c20, c21, floor, tail);
            }

            if (TRows.Value > 3)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (3 * x.CRow), c30, c31, floor, tail);
            }

            if (TRows.Value > 4)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (4 * x.CRow), c40, c41, floor, tail);
            }

            if (TRows.Value > 5)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (5 * x.CRow), c50, c51, floor, tail);
            }

            if (TRows.Value > 6)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (6 * x.CRow), c60, c61, floor, tail);
            }

            if (TRows.Value > 7)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (7 * x.CRow), c70, c71, floor, tail);
            }

            if (TRows.Value > 8)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (8 * x.CRow), c80, c81, floor, tail);
            }

            if (TRows.Value > 9)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (9 * x.CRow), c90, c91, floor, tail);
            }

            if (TRows.Value > 10)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (10 * x.CRow), c100, c101, floor, tail);
            }

            if (TRows.Value > 11)
            {
                Write<T, TVector, TLanes, TWidth, TEdge>(c + (11 * x.CRow), c110, c111, floor, tail);
            }

            a += tileStep;
            c += TRows.Value * x.CRow;
        }
    }
}
