namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Something that is timed, a slice in each round.</summary>
/// <param name="prepare">Makes the data, and returns what runs a number of calls and says how many seconds they took.</param>
/// <param name="slice">Share of the usual length of a slice: less for probes that come in hundreds, more where <paramref name="wakes"/>.</param>
/// <param name="wakes">
/// Whether calls wake other threads. The system may put such a thread on the core of the one that woke it, and moves it only after some milliseconds; a quarter of the slice
/// is then run before what counts.
/// </param>
internal sealed class Probe(Func<Func<int, double>> prepare, double slice = 1, bool wakes = false)
{
    private readonly List<double> _seconds = [];
    private Func<int, double>? _run;
    private int _calls = 1;

    /// <summary>Of one call, a slice each.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>Times calls on the thread that asks.</summary>
    /// <param name="prepare">Makes the data, and returns one call.</param>
    public static Probe Of(TimeProvider clock, Func<Action> prepare, double slice = 1, bool wakes = false) => new(
        () =>
        {
            Action call = prepare();
            return calls =>
            {
                long start = clock.GetTimestamp();
                for (int i = 0; i < calls; i++)
                {
                    call();
                }

                return clock.GetElapsedTime(start).TotalSeconds;
            };
        },
        slice,
        wakes);

    /// <summary>Makes the data and runs until the compiler should be done; finds out how many calls make a slice.</summary>
    public void WarmUp(TimeProvider clock, Effort effort, CancellationToken cancel)
    {
        _run = prepare();
        double wanted = effort.Slice.TotalSeconds * slice;
        long start = clock.GetTimestamp();
        for (int done = 0; done < effort.WarmUpCalls; done += _calls)
        {
            cancel.ThrowIfCancellationRequested();
            double seconds = _run(_calls) / _calls;
            _calls = (int)Math.Clamp(wanted / Math.Max(seconds, 1e-9), 1, 2 * (double)_calls);
            if (clock.GetElapsedTime(start) > effort.WarmUp)
            {
                break;
            }
        }
    }

    /// <summary>Runs a slice that does not count, and adapts the number of calls to it.</summary>
    public void Rehearse(Effort effort) =>
        _calls = (int)Math.Clamp(effort.Slice.TotalSeconds * slice / Math.Max(_run!(_calls) / _calls, 1e-9), 1, 2 * (double)_calls);

    /// <summary>Runs a slice that counts.</summary>
    public void Measure()
    {
        // What ran in between has taken the caches; where a call is long, filling them is a small part of it.
        if (_calls > 1)
        {
            _run!(wakes ? (_calls + 3) / 4 : 1);
        }

        _seconds.Add(_run!(_calls) / _calls);
    }

    /// <summary>Lets go of the data.</summary>
    public void Release() => _run = null;
}
