using System.Runtime.ExceptionServices;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Inference.Training;

/// <summary>Threads that stay for a whole training run and share the parts of each step.</summary>
/// <remarks>
/// A step takes about a millisecond, so a thread waits for the next one by spinning for some microseconds before it sleeps. Part c
/// belongs to thread c mod n, but the caller takes over what a thread has not begun when its own part is done: where other programs keep
/// the cores busy, a step would else wait for the scheduler, for many times as long as it takes. Who computes a part does not change it.
/// </remarks>
internal sealed class ChunkThreads : IDisposable
{
    // About 100 µs: longer than the gap between two steps of a small network, in which the optimiser runs.
    private const int Spins = 1000;

    private readonly Worker[] _workers;
    private readonly CountdownEvent _left = new(1);
    private Action<int> _body = _ => { };
    private int _chunks;
    private bool _closed;

    /// <param name="threads">The caller's thread included.</param>
    public ChunkThreads(int threads)
    {
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Worker(this, i + 1);
        }
    }

    /// <summary>Runs body(0) to body(chunks - 1) and returns when all are done; the first one's exception is thrown.</summary>
    public void Run(int chunks, Action<int> body)
    {
        int helpers = Math.Min(_workers.Length, chunks - 1);
        (_body, _chunks) = (body, chunks);
        if (helpers > 0)
        {
            _left.Reset(helpers);
            for (int i = 0; i < helpers; i++)
            {
                _workers[i].Start();
            }
        }

        ExceptionDispatchInfo? fault = Share(0);
        if (helpers > 0)
        {
            for (int i = 0; i < helpers; i++)
            {
                _workers[i].RunIfNotBegun();
            }

            _left.Wait();
            for (int i = 0; i < helpers; i++)
            {
                fault ??= _workers[i].Fault;
            }
        }

        fault?.Throw();
    }

    public void Dispose()
    {
        _closed = true;
        foreach (Worker worker in _workers)
        {
            worker.Close();
        }

        _left.Dispose();
    }

    private ExceptionDispatchInfo? Share(int thread)
    {
        // Each thread has a core: kernels that took more would wait for each other, or take what the caller did not give.
        using KernelThreads.Share share = _workers.Length == 0 || _chunks > 1 ? KernelThreads.One() : KernelThreads.All();
        try
        {
            for (int c = thread; c < _chunks; c += _workers.Length + 1)
            {
                _body(c);
            }

            return null;
        }
        catch (Exception exception)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

    private sealed class Worker
    {
        private readonly ManualResetEventSlim _go = new(initialState: false, Spins);
        private readonly ChunkThreads _owner;
        private readonly Thread _thread;
        private readonly int _index;
        private int _waiting;                   // 1 from the start of a step until somebody takes its part

        public Worker(ChunkThreads owner, int index)
        {
            (_owner, _index) = (owner, index);
            _thread = new Thread(Loop) { IsBackground = true, Name = $"training {index}" };
            _thread.Start();
        }

        public ExceptionDispatchInfo? Fault { get; private set; }

        public void Start()
        {
            Volatile.Write(ref _waiting, 1);
            _go.Set();
        }

        /// <summary>Runs the part on the thread that asks, unless another has begun it.</summary>
        public void RunIfNotBegun()
        {
            if (Interlocked.Exchange(ref _waiting, 0) == 1)
            {
                Fault = _owner.Share(_index);
                _owner._left.Signal();
            }
        }

        public void Close()
        {
            _go.Set();
            _thread.Join();
            _go.Dispose();
        }

        private void Loop()
        {
            while (true)
            {
                // Reset before looking: a step that starts in between is then seen here or wakes the thread again.
                _go.Wait();
                _go.Reset();
                if (_owner._closed)
                {
                    return;
                }

                RunIfNotBegun();
            }
        }
    }
}
