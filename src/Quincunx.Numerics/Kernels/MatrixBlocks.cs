using static Quincunx.Numerics.Kernels.Numbers;

namespace Quincunx.Numerics.Kernels;

/// <summary>Cuts a matrix product into blocks that fit the caches and into tiles that fit the registers.</summary>
/// <remarks>
/// The loops are those of Goto and van de Geijn 2008, ACM Trans. Math. Softw. 34(3) 12, and of Van Zee and van de Geijn 2015, ACM Trans. Math.
/// Softw. 41(3) 14. Unlike there, A is packed row by row (a tile reads it by broadcast, which needs no interleaving), a block of k
/// starts from C instead of being added to it, and what is small is read where it lies.
/// </remarks>
internal static unsafe class MatrixBlocks
{
    // One panel of B (two registers wide) stays in the first-level cache: 32 KiB with 512-bit registers.
    private const int MaxDepth = 256;

    // Block of A, for the second-level cache.
    private const int MaxRowBytes = 192 * 1024;

    // Block of B, shared between second- and third-level cache.
    private const int MaxColumnBytes = 1024 * 1024;

    public static void Run<T, TVector, TLanes>(in MatrixOperands<T> x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int width = 2 * TLanes.Count;
        bool packB = PacksB<T, TVector, TLanes>(x);
        if (!packB)
        {
            Tiles<T, TVector, TLanes>(x);
            return;
        }

        bool packA = (long)x.M * x.K * sizeof(T) > MaxRowBytes / 2 && x.N > width;
        int depth = Even(x.K, MaxDepth * sizeof(float) / sizeof(T) * (sizeof(T) == 8 ? 3 : 2) / 2);
        int columns = Even(x.N, Math.Max(width, MaxColumnBytes / sizeof(T) / Math.Max(depth, 1)), width);
        int rows = packA ? Even(x.M, Math.Max(TLanes.TileRows, MaxRowBytes / sizeof(T) / depth), TLanes.TileRows) : x.M;
        T* packedB = (T*)Workspace.First((nint)depth * MatrixPacking.PanelWidth(columns, TLanes.Count) * sizeof(T));
        T* packedA = packA ? (T*)Workspace.Second((nint)depth * rows * sizeof(T)) : null;
        for (int j = 0; j < x.N; j += columns)
        {
            int n = Math.Min(columns, x.N - j);
            MatrixOperands<T> strip = x.Columns(j, n);
            int p = 0;
            do
            {
                int k = Math.Min(depth, x.K - p);
                MatrixPacking.Columns(strip.B + (p * x.BStep), x.BStep, x.BColumn, k, n, width, TLanes.Count, packedB);
                MatrixOperands<T> slab = strip with
                {
                    K = k,
                    A = strip.A + (p * x.AStep),
                    B = packedB,
                    Start = p == 0 ? strip.Start : strip.C,
                    StartRow = p == 0 ? strip.StartRow : strip.CRow,
                    Bias = p == 0 ? strip.Bias : null,
                    Relu = strip.Relu && p + k == x.K,
                };
                for (int i = 0; i < x.M; i += rows)
                {
                    RowBlock<T, TVector, TLanes>(slab.Rows(i, Math.Min(rows, x.M - i)), packedA);
                }

                p += k;
            }
            while (p < x.K);
        }
    }

    // Packing pays where B has to be turned, or is read by many tiles from far apart; without masks it also pads the edge.
    private static bool PacksB<T, TVector, TLanes>(in MatrixOperands<T> x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        => (x.BColumn != 1 && x.K > 0)
        || (!TLanes.HasMasks && x.N % TLanes.Count != 0)
        || (x.M > 4 * TLanes.TileRows && (long)x.N * x.K * sizeof(T) > 128 * 1024 && x.N > 2 * TLanes.Count);

    private static void RowBlock<T, TVector, TLanes>(in MatrixOperands<T> x, T* packedA)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        if (packedA is null)
        {
            Tiles<T, TVector, TLanes>(x, bPacked: true);
        }
        else if (x.AStep == 1)
        {
            MatrixPacking.Copy(x.A, x.ARow, x.M, x.K, packedA, x.K);
            Tiles<T, TVector, TLanes>(x with { A = packedA, ARow = x.K }, bPacked: true);
        }
        else
        {
            MatrixPacking.TransposedRows(x.A, x.AStep, x.K, x.M, TLanes.TileRows, packedA);
            Tiles<T, TVector, TLanes>(x with { A = packedA, ARow = 1 }, packedByTiles: true, bPacked: true);
        }
    }

    // packedByTiles: A lies as MatrixPacking.TransposedRows leaves it; else its rows are at ARow.
    private static void Tiles<T, TVector, TLanes>(in MatrixOperands<T> x, bool packedByTiles = false, bool bPacked = false)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        // Tiles of nearly equal height: a short last one would starve the multipliers.
        int width = 2 * TLanes.Count;
        int tiles = (x.M + TLanes.TileRows - 1) / TLanes.TileRows;
        (int rows, int tall) = (x.M / tiles, x.M % tiles);
        for (int j = 0; j < x.N; j += width)
        {
            int columns = Math.Min(width, x.N - j);
            MatrixOperands<T> panel = x.Columns(j, columns) with
            {
                B = bPacked ? x.B + ((nint)j * x.K) : x.B + j,
                BStep = bPacked ? MatrixPacking.PanelWidth(columns, TLanes.Count) : x.BStep,
            };
            Panel<T, TVector, TLanes>(panel, rows, tiles - tall, packedByTiles);
            if (tall > 0)
            {
                int first = rows * (tiles - tall);
                MatrixOperands<T> below = panel.Rows(first, x.M - first);
                below = packedByTiles ? below with { A = panel.A + ((nint)first * x.K) } : below;
                Panel<T, TVector, TLanes>(below, rows + 1, tall, packedByTiles);
            }
        }
    }

    // Tiles of one height, one below the other, in a panel of at most two registers.
    private static void Panel<T, TVector, TLanes>(in MatrixOperands<T> x, int rows, int tiles, bool packedByTiles)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int tail = x.N % TLanes.Count;
        switch (x.N > TLanes.Count, tail == 0)
        {
            case (true, true):
                Tile<T, TVector, TLanes, N2, N0>(x, rows, tiles, packedByTiles, tail);
                break;
            case (true, false):
                Tile<T, TVector, TLanes, N2, N1>(x, rows, tiles, packedByTiles, tail);
                break;
            case (false, true):
                Tile<T, TVector, TLanes, N1, N0>(x, rows, tiles, packedByTiles, tail);
                break;
            default:
                Tile<T, TVector, TLanes, N1, N1>(x, rows, tiles, packedByTiles, tail);
                break;
        }
    }

    private static void Tile<T, TVector, TLanes, TWidth, TEdge>(in MatrixOperands<T> tall, int rows, int tiles, bool packedByTiles, int tail)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        MatrixOperands<T> x = packedByTiles ? tall with { AStep = rows } : tall;
        nint step = rows * (packedByTiles ? x.K : x.ARow);
        switch (rows)
        {
            case 1:
                MatrixTile.Run<T, TVector, TLanes, N1, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 2:
                MatrixTile.Run<T, TVector, TLanes, N2, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 3:
                MatrixTile.Run<T, TVector, TLanes, N3, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 4:
                MatrixTile.Run<T, TVector, TLanes, N4, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 5:
                MatrixTile.Run<T, TVector, TLanes, N5, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 6:
                MatrixTile.Run<T, TVector, TLanes, N6, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 7:
                MatrixTile.Run<T, TVector, TLanes, N7, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 8:
                MatrixTile.Run<T, TVector, TLanes, N8, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 9:
                MatrixTile.Run<T, TVector, TLanes, N9, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 10:
                MatrixTile.Run<T, TVector, TLanes, N10, TWidth, TEdge>(x, tiles, step, tail);
                break;
            case 11:
                MatrixTile.Run<T, TVector, TLanes, N11, TWidth, TEdge>(x, tiles, step, tail);
                break;
            default:
                MatrixTile.Run<T, TVector, TLanes, N12, TWidth, TEdge>(x, tiles, step, tail);
                break;
        }
    }

    // The size of equal blocks, none above the limit, in multiples of the unit.
    private static int Even(int length, int limit, int unit = 1)
    {
        int blocks = Math.Max(1, (length + limit - 1) / limit);
        int size = (length + blocks - 1) / blocks;
        return Math.Max(unit, (size + unit - 1) / unit * unit);
    }
}
