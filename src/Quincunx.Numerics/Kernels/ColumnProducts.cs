using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Kernels;

/// <summary>The products of a layer whose examples are columns: forward, back to the input, and the gradient of the weights.</summary>
/// <remarks>Where a staircase is given, only the entries it has are read or written, block by block; every sum is one chain in rising order.</remarks>
internal static unsafe class ColumnProducts
{
    /// <summary>Y [rows, n] = relu(W [rows, inner] X [inner, n] + bias [rows] + start [rows, n]), each addition and relu on demand.</summary>
    public static void Forward<T>(
        ReadOnlySpan<T> weight, ReadOnlySpan<T> x, ReadOnlySpan<T> bias, ReadOnlySpan<T> start, Span<T> y,
        int rows, int inner, int n, Staircase? staircase, bool relu)
        where T : unmanaged
    {
        fixed (T* w = weight, px = x, b = bias, s = start, py = y)
        {
            MatrixOperands<T> whole = Layer(w, px, b, s, py, rows, inner, n, relu);
            if (staircase is null)
            {
                MatrixWork.Run(whole, MatrixProduct.Threads(whole.M, whole.N, whole.K, 1, KernelThreads.Count));
                return;
            }

            ReadOnlySpan<int> lengths = staircase.Lengths;
            foreach ((int first, int count) in staircase.RowBlocks)
            {
                MatrixOperands<T> block = whole.Rows(first, count);
                if (lengths[first] == lengths[first + count - 1])
                {
                    MatrixProduct.Run(block with { K = lengths[first] });
                }
                else
                {
                    Rising(block, lengths.Slice(first, count));
                }
            }
        }
    }

    /// <summary>As <see cref="Forward"/>, with the first <paramref name="seen"/> of the inner entries of every row.</summary>
    public static void ForwardPart<T>(
        ReadOnlySpan<T> weight, ReadOnlySpan<T> x, ReadOnlySpan<T> bias, ReadOnlySpan<T> start, Span<T> y,
        int rows, int inner, int seen, int n, bool relu)
        where T : unmanaged
    {
        fixed (T* w = weight, px = x, b = bias, s = start, py = y)
        {
            MatrixProduct.Run(Layer(w, px, b, s, py, rows, inner, n, relu) with { K = seen });
        }
    }

    /// <summary>X [inner, n] = Wᵀ Y [rows, n], with W [rows, inner].</summary>
    public static void Back<T>(ReadOnlySpan<T> weight, ReadOnlySpan<T> y, Span<T> x, int rows, int inner, int n, Staircase? staircase)
        where T : unmanaged
    {
        fixed (T* w = weight, py = y, px = x)
        {
            var whole = new MatrixOperands<T>
            {
                M = inner,
                N = n,
                K = rows,
                A = w,
                ARow = 1,
                AStep = inner,
                B = py,
                BStep = n,
                BColumn = 1,
                C = px,
                CRow = n,
                Start = null,
                StartRow = 0,
            };
            if (staircase is null)
            {
                MatrixWork.Run(whole, MatrixProduct.Threads(whole.M, whole.N, whole.K, 1, KernelThreads.Count));
                return;
            }

            foreach ((int first, int count) in staircase.ColumnBlocks)
            {
                Falling(whole.Rows(first, count), staircase.FirstRows.AsSpan(first, count));
            }
        }
    }

    /// <summary>W [rows, inner] = Y [rows, n] Xᵀ, with X [inner, n]; zero where the staircase has no entry.</summary>
    public static void Weights<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> x, Span<T> weight, int rows, int inner, int n, Staircase? staircase)
        where T : unmanaged
    {
        fixed (T* py = y, px = x, w = weight)
        {
            if (staircase is null)
            {
                Dots(rows, inner, n, py, px, w, inner);
                return;
            }

            ReadOnlySpan<int> lengths = staircase.Lengths;
            foreach ((int first, int count) in staircase.RowBlocks)
            {
                int longest = lengths[first + count - 1];
                Dots(count, longest, n, py + ((nint)first * n), px, w + ((nint)first * inner), inner);
                for (int row = first; row < first + count; row++)
                {
                    weight.Slice((row * inner) + lengths[row], inner - lengths[row]).Clear();
                }
            }
        }
    }

    private static MatrixOperands<T> Layer<T>(T* weight, T* x, T* bias, T* start, T* y, int rows, int inner, int n, bool relu)
        where T : unmanaged => new()
        {
            M = rows,
            N = n,
            K = inner,
            A = weight,
            ARow = inner,
            AStep = 1,
            B = x,
            BStep = n,
            BColumn = 1,
            C = y,
            CRow = n,
            Start = start,
            StartRow = n,
            Bias = bias,
            Relu = relu,
        };

    // A row ends where its length is; the others go on from what is there.
    private static void Rising<T>(in MatrixOperands<T> block, ReadOnlySpan<int> lengths)
        where T : unmanaged
    {
        int done = 0, begun = 0;
        bool first = true;
        while (begun < lengths.Length)
        {
            int length = lengths[begun], ends = begun + 1;
            while (ends < lengths.Length && lengths[ends] == length)
            {
                ends++;
            }

            // Those that end here are cut off behind relu, those that go on are not.
            Part(block, begun, ends - begun, done, length, first, block.Relu);
            Part(block, ends, lengths.Length - ends, done, length, first, relu: false);
            (begun, done, first) = (ends, length, false);
        }
    }

    private static void Part<T>(in MatrixOperands<T> block, int row, int count, int from, int to, bool first, bool relu)
        where T : unmanaged
    {
        if (count == 0)
        {
            return;
        }

        MatrixOperands<T> rows = block.Rows(row, count);
        MatrixProduct.Run(rows with
        {
            K = to - from,
            A = rows.A + (from * rows.AStep),
            B = rows.B + (from * rows.BStep),
            Start = first ? rows.Start : rows.C,
            StartRow = first ? rows.StartRow : rows.CRow,
            Bias = first ? rows.Bias : null,
            Relu = relu,
        });
    }

    // Row i of the block takes the steps of k from its own first on: the early ones join the sum of those above them.
    private static void Falling<T>(in MatrixOperands<T> block, ReadOnlySpan<int> firsts)
        where T : unmanaged
    {
        int joined = 0;
        while (joined < firsts.Length)
        {
            int from = firsts[joined], fresh = joined + 1;
            while (fresh < firsts.Length && firsts[fresh] == from)
            {
                fresh++;
            }

            int to = fresh < firsts.Length ? firsts[fresh] : block.K;
            MatrixOperands<T> steps = block with { K = to - from, A = block.A + (from * block.AStep), B = block.B + (from * block.BStep) };
            if (joined > 0)
            {
                MatrixProduct.Run(steps.Rows(0, joined) with { Start = block.C, StartRow = block.CRow });
            }

            MatrixProduct.Run(steps.Rows(joined, fresh - joined));
            joined = fresh;
        }
    }

    private static void Dots<T>(int rows, int inner, int n, T* y, T* x, T* weight, int weightRow)
        where T : unmanaged
        => MatrixDots.Run(new MatrixOperands<T>
        {
            M = rows,
            N = inner,
            K = n,
            A = y,
            ARow = n,
            AStep = 1,
            B = x,
            BStep = 1,
            BColumn = n,
            C = weight,
            CRow = weightRow,
            Start = null,
            StartRow = 0,
        });
}
