using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Convolutions as matrix products with the windows as columns, a block of them at a time, and their two transposes.</summary>
/// <remarks>
/// Every result is one chain of multiply-adds in an order given by the shapes, so that its bits depend neither on blocks nor on threads.
/// x is <c>[batch, groups · channels, input]</c>, the weight <c>[groups · filters, channels, window]</c>, y <c>[batch, groups · filters, output]</c>. No two overlap.
/// </remarks>
internal static unsafe class Convolutions
{
    // Columns that stay in the second-level cache beside the weights.
    private const int BlockBytes = 256 * 1024;

    /// <summary>y = bias + weight ∗ x.</summary>
    /// <param name="bias">One number a filter, or nothing.</param>
    public static void Forward<T>(
        WindowGeometry g, int batch, int groups, int channels, int filters, ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> y, int threads)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = x, pw = weight, pb = bias, py = y)
        {
            Run(new ForwardBody<T>(g, groups, channels, filters, px, pw, bias.IsEmpty ? null : pb, py), batch * groups, Cost(g, batch * groups, channels, filters), threads);
        }
    }

    /// <summary>x = the weight's transpose, applied to y.</summary>
    public static void Back<T>(WindowGeometry g, int batch, int groups, int channels, int filters, ReadOnlySpan<T> y, ReadOnlySpan<T> weight, Span<T> x, int threads)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = x, pw = weight, py = y)
        {
            Run(new BackBody<T>(g, groups, channels, filters, py, pw, px), batch * groups, Cost(g, batch * groups, channels, filters), threads);
        }
    }

    /// <summary>weight = Σ y xᵀ over the batch and all windows.</summary>
    public static void Weights<T>(WindowGeometry g, int batch, int groups, int channels, int filters, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> weight, int threads)
        where T : unmanaged, INumberBase<T>
    {
        weight.Clear();
        int rows = channels * g.WindowCount, block = Block<T>(g, rows);
        bool direct = g.IsIdentity;
        fixed (T* px = x, pw = weight, py = y)
        {
            for (int item = 0; item < batch * groups; item++)
            {
                int group = item % groups;
                T* padded = direct ? px + ((nint)item * channels * g.InputCount) : Padded(g, px + ((nint)item * channels * g.InputCount), channels);
                T* w = pw + ((nint)group * filters * rows);
                for (int from = 0; from < g.OutputCount; from += block)
                {
                    int count = Math.Min(block, g.OutputCount - from);
                    T* columns = direct ? padded + from : Columns(g, padded, channels, from, count);
                    var product = new MatrixOperands<T>
                    {
                        M = filters,
                        N = rows,
                        K = count,
                        A = py + ((nint)item * filters * g.OutputCount) + from,
                        ARow = g.OutputCount,
                        AStep = 1,
                        B = columns,
                        BStep = 1,
                        BColumn = direct ? g.OutputCount : count,
                        C = w,
                        CRow = rows,
                        Start = w,
                        StartRow = rows,
                    };
                    MatrixWork.Run(product, MatrixProduct.Threads(filters, rows, count, 1, threads));
                }
            }
        }
    }

    private static void Run<TBody>(in TBody body, int count, long cost, int threads)
        where TBody : struct, ILoopBody => SharedLoop<TBody>.Run(body, count, MatrixProduct.Threads(cost, 1, 1, 1, threads));

    private static long Cost(WindowGeometry g, int items, int channels, int filters) => (long)items * channels * g.WindowCount * filters * g.OutputCount;

    // Windows taken together: whole tiles of the product.
    private static int Block<T>(WindowGeometry g, int rows)
        where T : unmanaged
    {
        const int Tile = 32;
        int fitting = BlockBytes / sizeof(T) / Math.Max(1, rows) / Tile * Tile;
        return Math.Min(g.OutputCount, MatrixBlocks.Even(g.OutputCount, Math.Max(Tile, fitting), Tile));
    }

    private static T* Padded<T>(WindowGeometry g, T* x, int planes)
        where T : unmanaged, INumberBase<T>
    {
        T* padded = Scratch<T>(g, planes);
        WindowColumns.Pad(g, x, planes, T.Zero, padded);
        return padded;
    }

    private static T* Scratch<T>(WindowGeometry g, int planes)
        where T : unmanaged => (T*)Workspace.Third((((nint)planes * g.PaddedCount) + WindowColumns.Slack) * sizeof(T));

    private static T* Columns<T>(WindowGeometry g, T* padded, int planes, int from, int count)
        where T : unmanaged
    {
        T* columns = ColumnScratch<T>(planes * g.WindowCount, count);
        WindowColumns.Gather(g, padded, planes, from, count, columns);
        return columns;
    }

    private static T* ColumnScratch<T>(int rows, int count)
        where T : unmanaged => (T*)Workspace.Fourth((((nint)rows * count) + WindowColumns.Slack) * sizeof(T));

    // One example of one group.
    private readonly struct ForwardBody<T>(WindowGeometry g, int groups, int channels, int filters, T* x, T* weight, T* bias, T* y) : ILoopBody
        where T : unmanaged, INumberBase<T>
    {
        private readonly T* _x = x, _weight = weight, _bias = bias, _y = y;

        public void Run(int item)
        {
            int group = item % groups, rows = channels * g.WindowCount, block = Block<T>(g, rows);
            bool direct = g.IsIdentity;
            T* source = _x + ((nint)item * channels * g.InputCount), padded = direct ? source : Padded(g, source, channels);
            for (int from = 0; from < g.OutputCount; from += block)
            {
                int count = Math.Min(block, g.OutputCount - from);
                MatrixWork.Single(new MatrixOperands<T>
                {
                    M = filters,
                    N = count,
                    K = rows,
                    A = _weight + ((nint)group * filters * rows),
                    ARow = rows,
                    AStep = 1,
                    B = direct ? padded + from : Columns(g, padded, channels, from, count),
                    BStep = direct ? g.OutputCount : count,
                    BColumn = 1,
                    C = _y + ((nint)item * filters * g.OutputCount) + from,
                    CRow = g.OutputCount,
                    Start = null,
                    StartRow = 0,
                    Bias = _bias is null ? null : _bias + (group * filters),
                });
            }
        }
    }

    // One example of one group.
    private readonly struct BackBody<T>(WindowGeometry g, int groups, int channels, int filters, T* y, T* weight, T* x) : ILoopBody
        where T : unmanaged, INumberBase<T>
    {
        private readonly T* _y = y, _weight = weight, _x = x;

        public void Run(int item)
        {
            int group = item % groups, rows = channels * g.WindowCount, block = Block<T>(g, rows), planes = channels;
            bool direct = g.IsIdentity;
            T* target = _x + ((nint)item * channels * g.InputCount), padded = direct ? target : Scratch<T>(g, planes);
            if (!direct)
            {
                new Span<T>(padded, planes * g.PaddedCount).Clear();
            }

            for (int from = 0; from < g.OutputCount; from += block)
            {
                int count = Math.Min(block, g.OutputCount - from);
                T* columns = direct ? target + from : ColumnScratch<T>(rows, count);
                MatrixWork.Single(new MatrixOperands<T>
                {
                    M = rows,
                    N = count,
                    K = filters,
                    A = _weight + ((nint)group * filters * rows),
                    ARow = 1,
                    AStep = rows,
                    B = _y + ((nint)item * filters * g.OutputCount) + from,
                    BStep = g.OutputCount,
                    BColumn = 1,
                    C = columns,
                    CRow = direct ? g.OutputCount : count,
                    Start = null,
                    StartRow = 0,
                });
                if (!direct)
                {
                    WindowColumns.Scatter(g, columns, planes, from, count, padded);
                }
            }

            if (!direct)
            {
                new Span<T>(target, planes * g.InputCount).Clear();
                WindowColumns.Fold(g, padded, planes, target);
            }
        }
    }
}
