namespace Quincunx.Numerics.Kernels;

/// <summary>One product shared between the calling thread and helpers from the thread pool.</summary>
/// <remarks>
/// The caller takes pieces until none is left and then waits only for pieces that a helper has begun, so that a busy pool costs
/// time but cannot deadlock. Shares are reused: a steady state allocates nothing.
/// </remarks>
internal sealed class MatrixShare<T> : IThreadPoolWorkItem
    where T : unmanaged
{
    private static readonly System.Collections.Concurrent.ConcurrentBag<MatrixShare<T>> Idle = [];

    private readonly ManualResetEventSlim _done = new();
    private MatrixOperands<T> _product;
    private nint _strideA, _strideB, _strideC;
    private int _batch, _pieces, _next, _unfinished, _users;

    /// <summary>Returns when the product, or every product of a batch, is complete.</summary>
    public static void Run(in MatrixOperands<T> product, int batch, nint strideA, nint strideB, nint strideC, int threads)
    {
        if (!Idle.TryTake(out MatrixShare<T>? share))
        {
            share = new MatrixShare<T>();
        }

        share._product = product;
        (share._batch, share._strideA, share._strideB, share._strideC) = (batch, strideA, strideB, strideC);

        // Twice as many pieces as threads, so that a helper that comes late still leaves the work even.
        int length = batch > 1 ? batch : Math.Max(product.M, product.N);
        share._pieces = Math.Min(2 * threads, length);
        (share._next, share._unfinished, share._users) = (0, share._pieces, threads);
        share._done.Reset();
        for (int i = 1; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(share, preferLocal: false);
        }

        share.Work();
        share._done.Wait();
        share.Leave();
    }

    void IThreadPoolWorkItem.Execute()
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
        if (_batch > 1)
        {
            (int from, int to) = Range(_batch, piece);
            for (int i = from; i < to; i++)
            {
                MatrixWork.Single(_product.Moved(i * _strideA, i * _strideB, i * _strideC));
            }
        }
        else if (_product.M >= _product.N)
        {
            (int from, int to) = Range(_product.M, piece);
            MatrixWork.Single(_product.Rows(from, to - from));
        }
        else
        {
            (int from, int to) = Range(_product.N, piece);
            MatrixWork.Single(_product.Columns(from, to - from));
        }
    }

    private (int From, int To) Range(int length, int piece)
        => ((int)((long)length * piece / _pieces), (int)((long)length * (piece + 1) / _pieces));

    // The last to leave returns the share, since a helper may come after the result is complete.
    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Idle.Add(this);
        }
    }
}
