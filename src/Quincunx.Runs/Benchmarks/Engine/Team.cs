namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Threads that begin a piece of work at the same moment, so that their common time can be taken.</summary>
internal sealed class Team : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private Action<int> _body = _ => { };
    private Exception? _fault;
    private int _ready, _done, _round, _go;
    private bool _closed;

    /// <param name="size">The caller's thread included.</param>
    public Team(TimeProvider clock, int size)
    {
        _clock = clock;
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i + 1;
            _threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"benchmark {index}" };
            _threads[i].Start();
        }
    }

    public int Size => _threads.Length + 1;

    /// <summary>Runs body(0) to body(size - 1), each on its thread.</summary>
    /// <returns>Seconds from the common start to the end of the last.</returns>
    public double Run(Action<int> body)
    {
        (_body, _fault) = (body, null);
        Volatile.Write(ref _ready, 0);
        Volatile.Write(ref _done, 0);
        if (_threads.Length > 0)
        {
            _wake.Release(_threads.Length);
        }

        // Waking a thread takes as long as much of what is timed here, so the clock starts when all are awake.
        SpinUntil(ref _ready, _threads.Length);
        long start = _clock.GetTimestamp();
        _round++;
        Volatile.Write(ref _go, _round);
        body(0);
        SpinUntil(ref _done, _threads.Length);
        double seconds = _clock.GetElapsedTime(start).TotalSeconds;
        return _fault is null ? seconds : throw new InvalidOperationException("A thread of the benchmark failed.", _fault);
    }

    public void Dispose()
    {
        _closed = true;
        if (_threads.Length > 0)
        {
            _wake.Release(_threads.Length);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    private static void SpinUntil(ref int counter, int value)
    {
        var spin = new SpinWait();
        while (Volatile.Read(ref counter) != value)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Work(int index)
    {
        int round = 0;
        while (true)
        {
            _wake.Wait();
            if (_closed)
            {
                return;
            }

            Interlocked.Increment(ref _ready);
            SpinUntil(ref _go, ++round);
            try
            {
                _body(index);
            }
            catch (Exception e)
            {
                _fault = e;
            }

            Interlocked.Increment(ref _done);
        }
    }
}
