using System.Runtime.ExceptionServices;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Simulation;

/// <summary>One run of a simulator: workers that take the next batch of events, simulate it, and hand it over.</summary>
internal sealed class SimulationRun
{
    private const int LargestBatch = 64;

    // A batch of slow events is cut down to about this: it is what a cancellation can cost, and how often progress is told.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly ISimulator _simulator;
    private readonly SimulationOptions _options;
    private readonly EventSource _source;
    private readonly Rng _rng;
    private readonly Action<SimulationSet> _finished;
    private readonly IProgress<SimulationProgress>? _progress;
    private readonly int _threads, _parameters, _outputs;
    private readonly long _total;
    private readonly Lock _gate = new(), _handOver = new();
    private readonly SortedList<long, SimulationFailure> _failures = [];
    private long _next, _end;
    private int _batch;                         // events that a plain simulator finishes in a moment
    private ExceptionDispatchInfo? _fault;

    /// <param name="total">Events of the whole run, to be told with the progress.</param>
    public SimulationRun(
        ISimulator simulator, SimulationOptions options, EventSource source, Rng rng, long total, Action<SimulationSet> finished, IProgress<SimulationProgress>? progress)
    {
        (_simulator, _options, _source, _rng, _total, _finished, _progress) = (simulator, options, source, rng, total, finished, progress);
        (_parameters, _outputs) = (simulator.ParameterNames.Count, simulator.OutputNames.Count);
        int useful = simulator is IBatchSimulator batches ? batches.Concurrency : Environment.ProcessorCount;
        _threads = options.Threads == 0 ? useful : options.Threads;
        _batch = options.Clock is null ? LargestBatch : 1;
    }

    public long Done { get; private set; }

    public long Failed { get; private set; }

    public SimulationStopReason StopReason { get; set; }

    /// <summary>Those of lowest number, which do not depend on the order in which threads come by.</summary>
    public IReadOnlyList<SimulationFailure> Failures => [.. _failures.Values];

    /// <summary>Simulates events <paramref name="from"/> to <paramref name="to"/> (excluded).</summary>
    public void Simulate(long from, long to, CancellationToken cancel)
    {
        (_next, _end) = (from, to);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Threads of their own: a worker may wait for a program for hours, which the pool's threads are not for.
        Thread[] others = [.. Enumerable.Range(1, (int)Math.Clamp(to - from, 1, _threads) - 1).Select(i => new Thread(() => Work(stop)) { IsBackground = true, Name = $"simulations {i}" })];
        foreach (Thread thread in others)
        {
            thread.Start();
        }

        Work(stop);
        foreach (Thread thread in others)
        {
            thread.Join();
        }

        cancel.ThrowIfCancellationRequested();
        _fault?.Throw();
    }

    private void Work(CancellationTokenSource stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && Take() is { Count: > 0 } batch)
            {
                RunBatch(batch.From, batch.Count, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // By the caller, who is told by Simulate, or because another worker failed, whose exception is thrown there.
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(e), null);
            stop.Cancel();
        }
    }

    // Batches only spread the work: an event's numbers do not depend on the batch it is in. They get smaller towards the end, so that workers end together.
    private (long From, int Count) Take()
    {
        lock (_gate)
        {
            long left = _end - _next;
            long most = _simulator is IBatchSimulator batches ? Math.Min(batches.BatchRows, (left + (2 * _threads) - 1) / (2 * _threads)) : Math.Min(_batch, left / (8 * _threads));
            int count = (int)Math.Min(left, Math.Max(1, most));
            long from = _next;
            _next += count;
            return (from, count);
        }
    }

    private void RunBatch(long from, int count, CancellationToken cancel)
    {
        double[] theta = new double[count * _parameters], x = new double[count * _outputs];
        string?[] problems = new string?[count];
        x.AsSpan().Fill(double.NaN);            // an output that the simulator forgets shows as a failure
        if (_simulator is IBatchSimulator batches)
        {
            var streams = new Rng[count];
            for (int row = 0; row < count; row++)
            {
                streams[row] = Draw(from + row, theta.AsSpan(row * _parameters, _parameters));
            }

            cancel.ThrowIfCancellationRequested();
            batches.Simulate(theta, x, streams, problems, cancel);
            HandOver(from, theta, x, problems);
            return;
        }

        long began = _options.Clock?.GetTimestamp() ?? 0;
        int done = 0;
        try
        {
            for (; done < count; done++)
            {
                cancel.ThrowIfCancellationRequested();
                Span<double> parameters = theta.AsSpan(done * _parameters, _parameters);
                Rng stream = Draw(from + done, parameters);
                problems[done] = RunEvent(parameters, x.AsSpan(done * _outputs, _outputs), stream, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && done > 0)
        {
            HandOver(from, theta[..(done * _parameters)], x[..(done * _outputs)], problems[..done]);
            throw;
        }

        if (_options.Clock is { } clock)
        {
            // Written by any worker and read by any: it is a guess, and a race between guesses does no harm.
            _batch = clock.GetElapsedTime(began) < Moment / 2 ? Math.Min(LargestBatch, 2 * count) : clock.GetElapsedTime(began) > Moment ? Math.Max(1, count / 2) : count;
        }

        HandOver(from, theta, x, problems);
    }

    // Draws the parameters of an event, and gives the stream of its outputs.
    private Rng Draw(long number, Span<double> theta)
    {
        Rng stream = _rng.Split(number);
        _source.Read(number, theta, stream, _simulator.ParameterNames);
        return stream.Split("x");
    }

    private string? RunEvent(ReadOnlySpan<double> theta, Span<double> x, Rng stream, CancellationToken cancel)
    {
        try
        {
            _simulator.Simulate(theta, x, stream);
            return null;
        }
        catch (Exception error) when (!(error is OperationCanceledException && cancel.IsCancellationRequested))
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }

    private void HandOver(long from, double[] theta, double[] x, string?[] problems)
    {
        List<SimulationFailure> failures = [];
        for (int row = 0; row < problems.Length; row++)
        {
            Span<double> outputs = x.AsSpan(row * _outputs, _outputs);
            if (problems[row] is not null)
            {
                outputs.Fill(double.NaN);
            }

            int bad = SimulationSet.FirstNonFinite(outputs);
            if (bad >= 0)
            {
                failures.Add(new SimulationFailure(from + row, theta.AsSpan(row * _parameters, _parameters).ToArray(), problems[row] ?? $"Output {_simulator.OutputNames[bad]} is {outputs[bad]}."));
            }
        }

        SimulationSet set = SimulationSet.FromArrays(_parameters, _outputs, from, theta, x) with { Failures = [.. failures.Take(_options.KeptFailures)] };
        lock (_handOver)
        {
            _finished(set);
            Done += set.Count;
            Failed += failures.Count;
            foreach (SimulationFailure failure in set.Failures)
            {
                _failures.Add(failure.Index, failure);
                if (_failures.Count > _options.KeptFailures)
                {
                    _failures.RemoveAt(_options.KeptFailures);
                }
            }

            _progress?.Report(new SimulationProgress(Done, _total, Failed));
        }
    }
}
