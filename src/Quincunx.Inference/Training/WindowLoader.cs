using System.Runtime.ExceptionServices;

namespace Quincunx.Inference.Training;

/// <summary>Reads the windows of epoch after epoch on a thread of its own, one ahead of the window that is trained on.</summary>
/// <remarks>
/// There is memory for two windows: the next is read while one is in use, and the one after only when that is given back. An exception in reading is thrown on the thread that takes
/// the window. Not more than one thread takes.
/// </remarks>
internal sealed class WindowLoader : IDisposable
{
    private readonly BlockOrder _order;
    private readonly IRowBlocks _blocks;
    private readonly bool[] _heldOutLoaded;
    private readonly int _epochs;
    private readonly int[] _slots, _scratch;
    private readonly object _gate = new();
    private readonly Queue<RowWindow> _free = new(), _ready = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Thread _thread;
    private int _epoch, _window;                        // what is read next
    private int _missing;                               // blocks whose held-out rows are not in memory
    private bool _wantsHeldOut;
    private ExceptionDispatchInfo? _fault;

    /// <param name="heldOutLoaded">For each block whether its held-out rows are in memory; kept up to date, by the loader's thread while there is one.</param>
    /// <param name="epoch">Of the first window.</param>
    /// <param name="epochs">No window of this epoch or a later one is read.</param>
    public WindowLoader(BlockOrder order, IRowBlocks blocks, IReadOnlyList<RowWindow> windows, bool[] heldOutLoaded, int epoch, int window, int epochs)
    {
        (_order, _blocks, _heldOutLoaded, _epoch, _window, _epochs) = (order, blocks, heldOutLoaded, epoch, window, epochs);
        _missing = heldOutLoaded.Count(loaded => !loaded);
        int longest = blocks.Rows.Max();
        (_slots, _scratch) = (new int[longest], new int[longest]);
        foreach (RowWindow w in windows)
        {
            _free.Enqueue(w);
        }

        _thread = new Thread(Loop) { IsBackground = true, Name = "reading" };
        _thread.Start();
    }

    /// <summary>The next window, as soon as it has been read.</summary>
    public RowWindow Take(CancellationToken cancel)
    {
        Wait(() => _ready.Count > 0, cancel);
        lock (_gate)
        {
            return _ready.Dequeue();
        }
    }

    /// <summary>Gives the memory of a window back.</summary>
    public void Release(RowWindow window)
    {
        lock (_gate)
        {
            _free.Enqueue(window);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when all held-out rows are in memory.</summary>
    public void WaitForHeldOut(CancellationToken cancel)
    {
        lock (_gate)
        {
            _wantsHeldOut = true;
            Monitor.PulseAll(_gate);
        }

        Wait(() => _missing == 0, cancel);
    }

    /// <summary>Ends the thread, after the block that it reads.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        _closing.Dispose();
    }

    private void Wait(Func<bool> condition, CancellationToken cancel)
    {
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(Wake, this);
        lock (_gate)
        {
            while (!condition())
            {
                cancel.ThrowIfCancellationRequested();
                _fault?.Throw();
                Monitor.Wait(_gate);
            }
        }

        static void Wake(object? loader)
        {
            object gate = ((WindowLoader)loader!)._gate;
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    private void Loop()
    {
        try
        {
            while (NextWork(out RowWindow? window))
            {
                if (window is null)
                {
                    LoadHeldOut();
                }
                else
                {
                    window.Fill(_order, _epoch, _window, Load);
                    (_epoch, _window) = _window + 1 < _order.Windows ? (_epoch, _window + 1) : (_epoch + 1, 0);
                }

                if (window is not null)
                {
                    lock (_gate)
                    {
                        _ready.Enqueue(window);
                        Monitor.PulseAll(_gate);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nobody waits any more.
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _fault = ExceptionDispatchInfo.Capture(exception);
                Monitor.PulseAll(_gate);
            }
        }
    }

    // What to do next: fill a window, or (null) read the held-out rows that no window has brought along.
    private bool NextWork(out RowWindow? window)
    {
        window = null;
        lock (_gate)
        {
            while (!_closing.IsCancellationRequested)
            {
                if ((_wantsHeldOut && _missing > 0) || (_epoch < _epochs && _free.TryDequeue(out window)))
                {
                    return true;
                }

                Monitor.Wait(_gate);
            }
        }

        return false;
    }

    private void LoadHeldOut()
    {
        for (int b = 0; b < _heldOutLoaded.Length; b++)
        {
            if (!_heldOutLoaded[b])
            {
                Load(b, training: -1);
            }
        }
    }

    private void Load(int block, int training)
    {
        _closing.Token.ThrowIfCancellationRequested();
        Span<int> slots = _slots.AsSpan(0, _blocks.Rows[block]);
        _order.Place(block, training, !_heldOutLoaded[block], slots, _scratch.AsSpan(0, slots.Length));
        _blocks.Load(block, slots, _closing.Token);
        if (!_heldOutLoaded[block])
        {
            _heldOutLoaded[block] = true;
            lock (_gate)
            {
                _missing--;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
