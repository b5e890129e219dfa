namespace Quincunx.Numerics.Kernels;

/// <summary>One product shared between the calling thread and <see cref="MatrixHelpers"/>.</summary>
/// <remarks>
/// The caller takes pieces until none is left and then waits only for pieces that a helper has begun, so that a busy pool costs
/// time but cannot deadlock. Shares are reused: a steady state allocates nothing.
/// </remarks>
internal sealed class MatrixShare<T> : IHelped
    where T : unmanaged
{
    // Rows and columns of the largest tile.
    private const int RowUnit = 12;
    private const int ColumnUnit = 32;

    private static readonly System.Collections.Concurrent.ConcurrentBag<MatrixShare<T>> Idle = [];

    private readonly ManualResetEventSlim _done = new();
    private MatrixOperands<T> _product;
    private nint _strideA, _strideB, _strideC;
    private int _batch, _length, _unit, _pieces, _next, _unfinished, _users;

    /// <summary>Returns when the product, or every product of a batch, is complete.</summary>
    public static void Run(in MatrixOperands<T> product, int batch, nint strideA, nint strideB, nint strideC, int threads)
    {
        if (!Idle.TryTake(out MatrixShare<T>? share))
        {
            share = new MatrixShare<T>();
        }

        share._product = product;
        (share._batch, share._strideA, share._strideB, share._strideC) = (batch, strideA, strideB, strideC);

        // A piece for each thread, of whole tiles, since every piece packs an operand again; products of a batch are done apart anyway, and twice as
        // many pieces leave the work even where a helper comes late.
        share._unit = batch > 1 ? 1 : product.M > product.N ? RowUnit : ColumnUnit;
        share._length = batch > 1 ? batch : Math.Max(product.M, product.N);
        share._pieces = Math.Min(batch > 1 ? 2 * threads : threads, (share._length + share._unit - 1) / share._unit);
        (share._next, share._unfinished, share._users) = (0, share._pieces, threads);
        share._done.Reset();
        for (int i = 1; i < threads; i++)
        {
            MatrixHelpers.Call(share);
        }

        share.Work();
        MatrixHelpers.Await(ref share._unfinished);
        share._done.Wait();
        share.Leave();
    }

    public void Execute() => MatrixHelpers.Serve(this);

    public void Help()
    {
        Work();
        Leave();
    }

    private void Work()
    {
        int piece;
        while ((piece = Interlocked.Increment(ref _next) - 1) < _pieces)
        {
            Piece(piece);
            if (Interlocked.Decrement(ref _unfinished) == 0)
            {
                _done.Set();
            }
        }
    }

    private void Piece(int piece)
    {
        (int from, int to) = (Cut(piece), Cut(piece + 1));
        if (_batch > 1)
        {
            MatrixWork.Sequence(_product, from, to, _strideA, _strideB, _strideC);
        }
        else if (_product.M > _product.N)
        {
            MatrixWork.Single(_product.Rows(from, to - from));
        }
        else
        {
            MatrixWork.Single(_product.Columns(from, to - from));
        }
    }

    // Where a piece begins: after whole units.
    private int Cut(int piece) => (int)Math.Min((long)((_length + _unit - 1) / _unit) * piece / _pieces * _unit, _length);

    // The last to leave returns the share, since a helper may come after the result is complete.
    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Idle.Add(this);
        }
    }
}
