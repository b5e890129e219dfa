using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Replays;

/// <summary>Collects the kernels that one thread runs, in order, with what each reads and writes.</summary>
internal sealed class ReplayRecorder
{
    // How many threads record: a plain field that every access to a tensor's elements can afford to look at.
    private static int _active;

    [ThreadStatic]
    private static ReplayRecorder? _current;

    private readonly List<ReplayStep> _steps = [];
    private readonly IKernelWatch? _watch;

    private ReplayRecorder(IKernelWatch? watch)
    {
        _watch = watch;
    }

    /// <summary>The recorder of this thread, or null.</summary>
    public static ReplayRecorder? Current => _active == 0 ? null : _current;

    public IReadOnlyList<ReplayStep> Steps => _steps;

    /// <summary>What was done that running the kernels again would not repeat, or null.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Called where code outside a kernel reads or writes elements: what it does with them is not recorded.</summary>
    /// <param name="what">In words for whoever wanted to record.</param>
    /// <param name="tensor">Whose elements; null where it is not known.</param>
    public static void SeenByHost(string what, Tensor? tensor = null)
    {
        if (_active != 0 && _current is { } recorder)
        {
            recorder.Obstacle ??= what;
            recorder._watch?.SeenByHost(what, tensor);
        }
    }

    /// <summary>Called where a tensor is made from numbers: in a replay they would be frozen, while a watch sees them as constants.</summary>
    public static void MadeByHost(string what)
    {
        if (_active != 0 && _current is { } recorder)
        {
            recorder.Obstacle ??= what;
        }
    }

    /// <param name="watch">Sees the kernels in place of a recording.</param>
    public static ReplayRecorder Start(IKernelWatch? watch = null)
    {
        if (_current is not null)
        {
            throw new InvalidOperationException("This thread already records a replay.");
        }

        Interlocked.Increment(ref _active);
        return _current = new ReplayRecorder(watch);
    }

    public static void Stop()
    {
        _current = null;
        Interlocked.Decrement(ref _active);
    }

    public void Add<TKernel>(in TKernel kernel, ReadOnlySpan<Tensor> written, ReadOnlySpan<Tensor> read)
        where TKernel : struct, IKernel
    {
        if (_watch is null)
        {
            _steps.Add(ReplayStep.Of(kernel, written, read));
        }
        else
        {
            _watch.Add(kernel, written, read);
        }
    }
}
