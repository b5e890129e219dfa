namespace Quincunx.Numerics.Kernels;

/// <summary>A loop over independent indices, shared between the calling thread and helpers from the thread pool.</summary>
/// <remarks>
/// As <see cref="MatrixShare{T}"/>: the caller takes indices until none is left and then waits only for those that a helper has begun, so that a busy pool
/// cannot deadlock. Loops are reused: a steady state allocates nothing.
/// </remarks>
internal sealed class SharedLoop<TBody> : IThreadPoolWorkItem
    where TBody : struct, ILoopBody
{
    private static readonly System.Collections.Concurrent.ConcurrentBag<SharedLoop<TBody>> Idle = [];

    private readonly ManualResetEventSlim _done = new();
    private TBody _body;
    private int _count, _next, _unfinished, _users;

    /// <summary>Returns when the body has run for every index below <paramref name="count"/>.</summary>
    public static void Run(in TBody body, int count, int threads)
    {
        int users = Math.Min(threads, count);
        if (users <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                body.Run(i);
            }

            return;
        }

        if (!Idle.TryTake(out SharedLoop<TBody>? loop))
        {
            loop = new SharedLoop<TBody>();
        }

        loop._body = body;
        (loop._count, loop._next, loop._unfinished, loop._users) = (count, 0, count, users);
        loop._done.Reset();
        for (int i = 1; i < users; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(loop, preferLocal: false);
        }

        loop.Work();
        loop._done.Wait();
        loop.Leave();
    }

    void IThreadPoolWorkItem.Execute()
    {
        Work();
        Leave();
    }

    private void Work()
    {
        int index;
        while ((index = Interlocked.Increment(ref _next) - 1) < _count)
        {
            _body.Run(index);
            if (Interlocked.Decrement(ref _unfinished) == 0)
            {
                _done.Set();
            }
        }
    }

    // The last to leave returns the loop, since a helper may come after the work is complete.
    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _body = default;
            Idle.Add(this);
        }
    }
}
