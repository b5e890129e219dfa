using System.Runtime.Intrinsics;
using static Quincunx.Numerics.Kernels.Numbers;

namespace Quincunx.Numerics.Kernels;

/// <summary>Products <c>C = start + A Bᵀ</c> along a long common axis that is contiguous in both: gradients of weights, with the batch last.</summary>
/// <remarks>
/// Nothing is packed or turned: each element of C is a scalar product of two rows, its lanes added at the end. The order of the sum
/// depends on K and on the lanes of the <see cref="Simd.Level"/> alone, not on the other rows and columns; but from a size on, a function of M, N
/// and K alone, the packed product with its chain over k is faster and does the work. NaN and infinity propagate; no factor zero is skipped.
/// </remarks>
internal static unsafe class MatrixDots
{
    // From this number of elements of C on, turning B once is cheaper than adding lanes for each of them, and along short rows already
    // from fewer; all measured.
    private const int PackedElements = 128 * 128;
    private const int SmallestPackedSide = 32;
    private const int ShortDepth = 96;

    // Bytes of a row that are summed before the lanes are added: ten rows of it stay in the first-level cache.
    private const int MaxDepthBytes = 2048;

    private const int PageBytes = 4096;

    // Rows of A that stay in the first-level cache while B goes by.
    private const int MaxRowBytes = 24 * 1024;

    /// <summary>The product on the calling thread; nothing is checked.</summary>
    /// <param name="x">With <see cref="MatrixOperands{T}.AStep"/> and <see cref="MatrixOperands{T}.BStep"/> 1, no bias and no relu. C may be the start.</param>
    public static void Run<T>(in MatrixOperands<T> x)
        where T : unmanaged
    {
        if (x.M == 0 || x.N == 0)
        {
            return;
        }

        if (Math.Min(x.M, x.N) >= SmallestPackedSide && (x.K < ShortDepth || (long)x.M * x.N >= PackedElements))
        {
            MatrixWork.Single(x);
            return;
        }

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

    private static void Run<T, TVector, TLanes>(in MatrixOperands<T> x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int depth = MatrixBlocks.Even(x.K, MaxDepthBytes / sizeof(T), TLanes.Count);
        if (x.K <= depth)
        {
            Slab<T, TVector, TLanes>(x);
            return;
        }

        for (int p = 0; p < x.K; p += depth)
        {
            Slab<T, TVector, TLanes>(x with
            {
                K = Math.Min(depth, x.K - p),
                A = x.A + p,
                B = x.B + p,
                Start = p == 0 ? x.Start : x.C,
                StartRow = p == 0 ? x.StartRow : x.CRow,
            });
        }
    }

    private static void Slab<T, TVector, TLanes>(in MatrixOperands<T> x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int block = MatrixBlocks.Even(x.M, Math.Max(TLanes.DotRows, MaxRowBytes / sizeof(T) / Math.Max(x.K, 1)), TLanes.DotRows);

        // Rows a multiple of a page apart fall on the same few lines of the cache, which cannot hold them.
        bool copies = x.ARow * sizeof(T) % PageBytes == 0 && x.M > TLanes.DotRows;
        T* copy = copies ? (T*)Workspace.First((nint)block * (x.K + MatrixPacking.RowPadding) * sizeof(T)) : null;
        for (int i = 0; i < x.M; i += block)
        {
            MatrixOperands<T> rows = x.Rows(i, Math.Min(block, x.M - i));
            if (copies)
            {
                MatrixPacking.Rows(rows.A, rows.ARow, rows.M, rows.K, copy);
                rows = rows with { A = copy, ARow = rows.K + MatrixPacking.RowPadding };
            }

            Block<T, TVector, TLanes>(rows);
        }
    }

    private static void Block<T, TVector, TLanes>(in MatrixOperands<T> x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int tiles = (x.M + TLanes.DotRows - 1) / TLanes.DotRows;
        (int rows, int tall) = (x.M / tiles, x.M % tiles);
        for (int j = 0; j < x.N; j += 4)
        {
            int columns = Math.Min(4, x.N - j);
            Tiles<T, TVector, TLanes>(x, 0, j, rows, columns, tiles - tall);
            if (tall > 0)
            {
                Tiles<T, TVector, TLanes>(x, rows * (tiles - tall), j, rows + 1, columns, tall);
            }
        }
    }

    private static void Tiles<T, TVector, TLanes>(in MatrixOperands<T> x, int row, int column, int rows, int columns, int tiles)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        switch (columns)
        {
            case 1:
                Tiles<T, TVector, TLanes, N1>(x, row, column, rows, tiles);
                break;
            case 2:
                Tiles<T, TVector, TLanes, N2>(x, row, column, rows, tiles);
                break;
            case 3:
                Tiles<T, TVector, TLanes, N3>(x, row, column, rows, tiles);
                break;
            default:
                Tiles<T, TVector, TLanes, N4>(x, row, column, rows, tiles);
                break;
        }
    }

    private static void Tiles<T, TVector, TLanes, TColumns>(in MatrixOperands<T> x, int row, int column, int rows, int tiles)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TColumns : struct, INumber
    {
        T* sums = stackalloc T[20];
        switch (rows)
        {
            case 1:
                MatrixDotTile.Run<T, TVector, TLanes, N1, TColumns>(x, row, column, tiles, sums);
                break;
            case 2:
                MatrixDotTile.Run<T, TVector, TLanes, N2, TColumns>(x, row, column, tiles, sums);
                break;
            case 3:
                MatrixDotTile.Run<T, TVector, TLanes, N3, TColumns>(x, row, column, tiles, sums);
                break;
            case 4:
                MatrixDotTile.Run<T, TVector, TLanes, N4, TColumns>(x, row, column, tiles, sums);
                break;
            default:
                MatrixDotTile.Run<T, TVector, TLanes, N5, TColumns>(x, row, column, tiles, sums);
                break;
        }
    }
}
