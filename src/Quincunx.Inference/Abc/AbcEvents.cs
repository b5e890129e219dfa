using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Abc;

/// <summary>Runs the simulations of one inference in ranges, and keeps its account: how many, how many failed, and why.</summary>
internal sealed class AbcEvents
{
    /// <summary>If this many first events all fail, there is no point in going on.</summary>
    public const int TrialEvents = 100;

    private readonly ISimulator _simulator;
    private readonly SimulationRunner _runner;
    private readonly ISummaryStatistics? _summary;
    private readonly SimulationOptions _options;
    private readonly Rng _rng;
    private readonly List<SimulationFailure> _failures;

    /// <param name="from">Number of the first event.</param>
    public AbcEvents(ISimulator simulator, SimulationOptions options, ISummaryStatistics? summary, Rng rng, long from)
    {
        (_simulator, _options, _summary, _rng, First, Next) = (simulator, options, summary, rng, from, from);
        _runner = new SimulationRunner(simulator, options);
        _failures = [];
    }

    /// <summary>Numbers that an event is compared by.</summary>
    public int SummaryCount => _summary?.Count ?? _simulator.OutputNames.Count;

    public long First { get; }

    /// <summary>Number of the next event.</summary>
    public long Next { get; private set; }

    /// <summary>Simulations made here: without those of a pilot.</summary>
    public long Simulations => Next - First;

    public long Failed { get; private set; }

    public IReadOnlyList<SimulationFailure> Failures => [.. _failures];

    public bool AllFailed => Failed == Simulations && Simulations >= TrialEvents;

    public string NameOf(int summary) => _summary is null ? _simulator.OutputNames[summary] : $"summary {summary}";

    /// <summary>Goes on with the account of an earlier run.</summary>
    public void Restore(long next, long failed, IReadOnlyList<SimulationFailure> failures)
    {
        (Next, Failed) = (next, failed);
        _failures.AddRange(failures);
    }

    /// <exception cref="ArgumentException">The observation has another length.</exception>
    public double[] Summarise(ReadOnlySpan<double> observed)
    {
        if (observed.Length != _simulator.OutputNames.Count)
        {
            throw new ArgumentException($"Expected an observation of {_simulator.OutputNames.Count} numbers, got {observed.Length}.", nameof(observed));
        }

        // What is not finite is for the caller to see; it may be more than a summary can bear.
        return _summary is null || SimulationSet.FirstNonFinite(observed) >= 0 ? observed.ToArray() : Summarise(observed, 1);
    }

    /// <summary>Simulates the next events with parameters from the prior.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the account is as it was.</exception>
    public AbcBatch Simulate(IDistribution prior, int count, IProgress<SimulationProgress>? progress, CancellationToken cancel) =>
        Take(_runner.Run(prior, Next, Next + count, _rng, progress, cancel));

    /// <summary>Simulates the next events with given parameters, shape <c>[n, parameters]</c>.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the account is as it was.</exception>
    public AbcBatch Simulate(double[] theta, IProgress<SimulationProgress>? progress, CancellationToken cancel) =>
        Take(_runner.Run(theta, Next, _rng, progress, cancel));

    private AbcBatch Take(SimulationSet set)
    {
        var failed = set.FailedRows.ToHashSet();
        int[] rows = [.. Enumerable.Range(0, set.Count).Where(i => !failed.Contains(i))];
        (int d, int k, int m) = (set.ParameterCount, set.OutputCount, SummaryCount);
        List<SimulationFailure> failures = [.. set.Failures];
        double[] x = new double[rows.Length * k];
        for (int i = 0; i < rows.Length; i++)
        {
            set.X.AsSpan(rows[i] * k, k).CopyTo(x.AsSpan(i * k));
        }

        double[] summaries = Summarise(x, rows.Length);
        List<int> kept = [];
        for (int i = 0; i < rows.Length; i++)
        {
            int bad = SimulationSet.FirstNonFinite(summaries.AsSpan(i * m, m));
            if (bad < 0)
            {
                kept.Add(i);
            }
            else
            {
                failures.Add(new SimulationFailure(set.From + rows[i], set.Theta[(rows[i] * d)..((rows[i] + 1) * d)], $"Summary {bad} is {summaries[(i * m) + bad]}."));
            }
        }

        Next += set.Count;
        Failed += set.Count - kept.Count;
        _failures.AddRange(failures.OrderBy(failure => failure.Index).Take(Math.Max(0, _options.KeptFailures - _failures.Count)));
        return new AbcBatch(
            [.. kept.Select(i => set.From + rows[i])],
            [.. kept.SelectMany(i => set.Theta[(rows[i] * d)..((rows[i] + 1) * d)])],
            kept.Count == rows.Length ? summaries : [.. kept.SelectMany(i => summaries[(i * m)..((i + 1) * m)])]);
    }

    private double[] Summarise(ReadOnlySpan<double> x, int rows)
    {
        if (_summary is null)
        {
            return x.ToArray();
        }

        double[] summaries = new double[rows * _summary.Count];
        _summary.Compute(x, summaries);
        return summaries;
    }
}
