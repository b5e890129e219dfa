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
    private const int MaxRowBytes = 384 * 1024;

    // Block of B, shared between second- and third-level cache.
    private const int MaxColumnBytes = 1024 * 1024;

    // Up to this size B is read where it lies.
    private const int MaxDirectBytes = 128 * 1024;

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

        bool packA = (long)x.M * x.K * sizeof(T) > MaxRowBytes / 4 && x.N > width;
        int depth = Even(x.K, MaxDepth);
        int rows = packA ? Even(x.M, Math.Max(TLanes.TileRows, MaxRowBytes / sizeof(T) / Math.Max(depth, 1)), TLanes.TileRows) : x.M;
        int columns = rows >= x.M ? width : Even(x.N, Math.Max(width, MaxColumnBytes / sizeof(T) / Math.Max(depth, 1)), width);
        T* packedB = (T*)Workspace.First((nint)depth * MatrixPacking.PanelWidth(Math.Min(columns, x.N), TLanes.Count) * sizeof(T));
        T* packedA = packA ? (T*)Workspace.Second((nint)(depth + MatrixPacking.RowPadding) * rows * sizeof(T)) : null;
        int p = 0;
        do
        {
            int k = Math.Min(depth, x.K - p);
            MatrixOperands<T> slab = x with
            {
                K = k,
                A = x.A + (p * x.AStep),
                B = x.B + (p * x.BStep),
                Start = p == 0 ? x.Start : x.C,
                StartRow = p == 0 ? x.StartRow : x.CRow,
                Bias = p == 0 ? x.Bias : null,
                Relu = x.Relu && p + k == x.K,
            };
            Slab<T, TVector, TLanes>(slab, rows, columns, packedA, packedB);
            p += k;
        }
        while (p < x.K);
    }

    // All of C for a part of k that one panel of B in the first-level cache covers.
    private static void Slab<T, TVector, TLanes>(in MatrixOperands<T> x, int rows, int columns, T* packedA, T* packedB)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int packedRow = -1;
        for (int j = 0; j < x.N; j += columns)
        {
            int n = Math.Min(columns, x.N - j);
            MatrixPacking.Columns(x.B + (j * x.BColumn), x.BStep, x.BColumn, x.K, n, 2 * TLanes.Count, TLanes.Count, packedB);
            for (int i = 0; i < x.M; i += rows)
            {
                MatrixOperands<T> block = x.Columns(j, n).Rows(i, Math.Min(rows, x.M - i)) with { B = packedB };
                if (packedA is null)
                {
                    Tiles<T, TVector, TLanes>(block, bPacked: true);
                    continue;
                }

                bool turned = block.AStep != 1;
                if (packedRow != i)
                {
                    packedRow = i;
                    if (turned)
                    {
                        MatrixPacking.TransposedRows(block.A, block.AStep, block.K, block.M, TLanes.TileRows, packedA);
                    }
                    else
                    {
                        MatrixPacking.Rows(block.A, block.ARow, block.M, block.K, packedA);
                    }
                }

                block = block with { A = packedA, AStep = 1, ARow = turned ? 1 : block.K + MatrixPacking.RowPadding };
                Tiles<T, TVector, TLanes>(block, packedByTiles: turned, bPacked: true);
            }
        }
    }

    // Packing pays where B has to be turned, or is read by many tiles from far apart; without masks it also pads the edge.
    private static bool PacksB<T, TVector, TLanes>(in MatrixOperands<T> x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        => (x.BColumn != 1 && x.K > 0)
        || (!TLanes.HasMasks && x.N % TLanes.Count != 0)
        || (x.M > 4 * TLanes.TileRows && x.N > 2 * TLanes.Count && (long)x.N * x.K * sizeof(T) > MaxDirectBytes);

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
        int first = rows * (tiles - tall);
        nint tileStep = packedByTiles ? x.K : x.ARow;
        delegate*<in MatrixOperands<T>, int, int, int, int, T*, nint, nint, T*, nint, void> low = null, high = null;
        for (int j = 0; j < x.N; j += width)
        {
            int columns = Math.Min(width, x.N - j);
            int tail = columns % TLanes.Count;
            if (columns < width || j == 0)
            {
                low = MatrixTile.Kernel<T, TVector, TLanes>(rows, columns > TLanes.Count, tail != 0);
                high = tall == 0 ? low : MatrixTile.Kernel<T, TVector, TLanes>(rows + 1, columns > TLanes.Count, tail != 0);
            }

            T* b = bPacked ? x.B + ((nint)j * x.K) : x.B + j;
            nint bStep = bPacked ? MatrixPacking.PanelWidth(columns, TLanes.Count) : x.BStep;
            low(x, 0, j, tiles - tall, tail, x.A, packedByTiles ? rows : x.AStep, rows * tileStep, b, bStep);
            if (tall > 0)
            {
                high(x, first, j, tall, tail, x.A + (first * tileStep), packedByTiles ? rows + 1 : x.AStep, (rows + 1) * tileStep, b, bStep);
            }
        }
    }

    /// <summary>The size of equal blocks, none above the limit, in multiples of the unit.</summary>
    public static int Even(int length, int limit, int unit = 1)
    {
        int blocks = Math.Max(1, (length + limit - 1) / limit);
        int size = (length + blocks - 1) / blocks;
        return Math.Max(unit, (size + unit - 1) / unit * unit);
    }
}
