using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>Simulations for epoch after epoch, each used once, made one epoch ahead of training by threads of their own.</summary>
/// <remarks>
/// Epoch 0 has the first N events, or what there is of those that were made before; the training rows of epoch e ≥ 1, T of them, are events N + (e - 1) T and the following. So what an epoch holds is a function of the seed
/// and its number, and a run that is resumed repeats nothing but the epoch it is in. An event that fails is drawn anew, parameters included, from streams of its own.
/// </remarks>
internal sealed class SimulationStream : IDisposable
{
    // Where one event in a hundred succeeds, the chance that none of these does is e^-100.
    private const int Attempts = 10_000;
    private readonly SimulationRunner _runner;
    private readonly IDistribution _prior;
    private readonly Rng _rng, _again;
    private readonly int _rows, _epochs;
    private readonly long _next;                // event after those of epoch 0
    private readonly StoredEvents? _stored;
    private readonly CancellationTokenSource _closing;
    private readonly List<SimulationFailure> _failures = [];
    private readonly List<long> _failed = [];
    private Task<SimulationSet>? _ahead;
    private int _current, _aheadEpoch;
    private long _aheadDone;
    private bool _closed;

    /// <param name="options">Rows are those of the task, held-out ones included.</param>
    /// <param name="epochs">None of a later epoch is simulated.</param>
    public SimulationStream(SimulationRunner runner, IDistribution prior, EndlessOptions options, int epochs, Rng rng, CancellationToken cancel)
    {
        (_runner, _prior, _epochs, _stored, _again) = (runner, prior, epochs, options.Stored, rng.Split("again"));
        (_rows, _next, _rng) = options.Stored is { } stored ? (stored.Pairs.Count, stored.Events, stored.Stream) : (options.Rows, options.Rows, rng.Split("simulate"));
        _closing = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    }

    /// <summary>Events that epochs begun so far are made of, held-out ones included and failed ones not.</summary>
    public long Used { get; private set; }

    /// <summary>Events that failed.</summary>
    public long Failed => _failed.Sum();

    /// <summary>The same for each epoch begun so far.</summary>
    public IReadOnlyList<long> FailedByEpoch => _failed;

    /// <summary>Events made ahead for an epoch that was not begun.</summary>
    public long Unused => Interlocked.Read(ref _aheadDone);

    public IReadOnlyList<SimulationFailure> Failures => _failures;

    /// <summary>The first events, for all rows; those that failed are replaced. Null where nearly all fail.</summary>
    public SimulationSet? First()
    {
        if (_stored is not null)
        {
            Used = _rows;
            _failed.Add(0);
            return SimulationSet.FromArrays(_stored.Pairs.Theta.Length / _rows, _stored.Pairs.X.Length / _rows, 0, [.. _stored.Pairs.Theta], [.. _stored.Pairs.X]);
        }

        SimulationSet set = _runner.Run(_prior, 0, _rows, _rng, cancel: _closing.Token);
        Used = set.Count - set.FailedRows.Count;
        if (set.StopReason == SimulationStopReason.AllFailed || set.FailedShare > 0.99)
        {
            _failures.AddRange(set.Failures);
            _failed.Add(set.FailedRows.Count);
            return null;
        }

        Mend(set, epoch: 0);
        Used = _rows;
        return set;
    }

    /// <summary>Puts what a run that is resumed had counted in the place of what this one has.</summary>
    public void Recall(IReadOnlyList<long> failedByEpoch)
    {
        _failed.Clear();
        _failed.AddRange(failedByEpoch);
    }

    /// <summary>Puts the events of an epoch into its rows, and has those of the next made.</summary>
    public void Replace(FreshRows rows, int epoch, ReadOnlySpan<int> trainingRows)
    {
        if (epoch != _current)
        {
            SimulationSet set = Take(epoch, trainingRows.Length);
            Mend(set, epoch);
            rows.Replace(trainingRows, set.Theta, set.X);
            _current = epoch;
            Used = _rows + ((long)epoch * trainingRows.Length);
        }

        if (epoch + 1 < _epochs && _ahead is null)
        {
            int count = trainingRows.Length;
            _aheadEpoch = epoch + 1;
            _ahead = Task.Factory.StartNew(() => Simulate(epoch + 1, count), _closing.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Ends what is being made ahead. May be called twice.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _closing.Cancel();
        try
        {
            _ahead?.Wait();
        }
        catch (AggregateException)
        {
            // Nobody wants what it was making.
        }

        _closing.Dispose();
    }

    private SimulationSet Take(int epoch, int count)
    {
        SimulationSet set;
        if (_ahead is not null && _aheadEpoch == epoch)
        {
            set = _ahead.GetAwaiter().GetResult();
        }
        else
        {
            _ahead?.GetAwaiter().GetResult();
            set = Simulate(epoch, count);
        }

        _ahead = null;
        Interlocked.Exchange(ref _aheadDone, 0);
        return set;
    }

    private SimulationSet Simulate(int epoch, int count)
    {
        long from = _next + ((long)(epoch - 1) * count);
        return _runner.Run(_prior, from, from + count, _rng, new Counter(this), _closing.Token);
    }

    // In place of each event that failed comes the first of its other streams that does not: a draw given success, as if failures had been left out.
    private void Mend(SimulationSet set, int epoch)
    {
        long failed = set.FailedRows.Count;
        _failures.AddRange(set.Failures.Take(Math.Max(0, 5 - _failures.Count)));
        foreach (int row in set.FailedRows)
        {
            SimulationSet one;
            int attempt = 0;
            do
            {
                if (attempt == Attempts)
                {
                    throw new InvalidOperationException($"Event {set.From + row} failed {Attempts} times, each with other parameters, where at first more than one in a hundred succeeded.");
                }

                one = _runner.Run(_prior, set.From + row, set.From + row + 1, _again.Split(attempt++), cancel: _closing.Token);
                failed += one.FailedRows.Count;
            }
            while (one.FailedRows.Count > 0);

            one.Theta.CopyTo(set.Theta, row * set.ParameterCount);
            one.X.CopyTo(set.X, row * set.OutputCount);
        }

        // An epoch that a resumed run is in was counted before.
        if (epoch == _failed.Count)
        {
            _failed.Add(0);
        }

        _failed[epoch] = failed;
    }

    private sealed class Counter(SimulationStream stream) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value) => Interlocked.Exchange(ref stream._aheadDone, value.Done);
    }
}
