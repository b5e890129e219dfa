using System.Runtime.ExceptionServices;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Simulation;

/// <summary>Runs a simulator on all cores, with the same bytes out whatever their number.</summary>
/// <remarks>
/// Event i uses the stream <c>rng.Split(i)</c>: its child "theta" draws the parameters and its child "x" the outputs. So an
/// event depends on the seed and its number alone: runs may be cut into ranges, on many machines, and a longer run extends a
/// shorter one. An event that throws has NaN outputs; it and any other with a non-finite output is counted as failed.
/// </remarks>
public sealed class SimulationRunner
{
    private const int LargestBatch = 64;

    private readonly ISimulator _simulator;
    private readonly SimulationOptions _options;
    private readonly int _threads, _parameters, _outputs;

    /// <param name="simulator">Called from many threads at once.</param>
    /// <param name="options">Defaults if null.</param>
    /// <exception cref="ArgumentException">The simulator has no parameters or no outputs.</exception>
    public SimulationRunner(ISimulator simulator, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        _simulator = simulator;
        _options = (options ?? new SimulationOptions()).Checked();
        _threads = _options.Threads == 0 ? Environment.ProcessorCount : _options.Threads;
        (_parameters, _outputs) = (simulator.ParameterNames.Count, simulator.OutputNames.Count);
        if (_parameters == 0 || _outputs == 0)
        {
            throw new ArgumentException($"Expected parameters and outputs, got {_parameters} and {_outputs}.", nameof(simulator));
        }
    }

    /// <summary>Simulates events <paramref name="from"/> to <paramref name="to"/> (excluded) with parameters from a prior.</summary>
    /// <inheritdoc cref="Run(ParameterSampler, long, long, Rng, IProgress{SimulationProgress}, CancellationToken)"/>
    /// <exception cref="ArgumentException">The prior has another dimension than the simulator has parameters.</exception>
    public SimulationSet Run(
        IDistribution prior, long from, long to, Rng rng, IProgress<SimulationProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        if (prior.Dimension != _parameters)
        {
            throw new ArgumentException($"Expected a prior of {_parameters} parameters, got {prior.Dimension}.", nameof(prior));
        }

        return Run(prior.Sample, from, to, rng, progress, cancel);
    }

    /// <summary>Simulates events <paramref name="from"/> to <paramref name="to"/> (excluded) with parameters from a sampler.</summary>
    /// <param name="sampler">Its exceptions end the run: a broken prior is not a failed simulation.</param>
    /// <param name="from">Number of the first event, from 0.</param>
    /// <param name="to">Number after the last event.</param>
    /// <param name="rng">Root stream of all events; not advanced.</param>
    /// <param name="progress">Told after each small batch, in order and never twice at once, from worker threads.</param>
    /// <param name="cancel">Looked at before each event.</param>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is returned, so ask for ranges that are cheap to repeat.</exception>
    /// <exception cref="InvalidOperationException">The sampler drew a parameter that is not finite.</exception>
    public SimulationSet Run(
        ParameterSampler sampler, long from, long to, Rng rng, IProgress<SimulationProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        long most = Array.MaxLength / Math.Max(_parameters, _outputs);
        if (to - from > most)
        {
            throw new ArgumentOutOfRangeException(nameof(to), to, $"Expected at most {most} events in one run, got {to - from}.");
        }

        return Run(new double[(to - from) * _parameters], sampler, from, rng, progress, cancel);
    }

    /// <summary>Simulates one event for each given parameter vector.</summary>
    /// <param name="theta">Shape <c>[n, parameters]</c>, row-major, finite; copied.</param>
    /// <param name="from">Number of the first event, from 0: row i uses the stream that event <c>from + i</c> of a run from a prior would.</param>
    /// <param name="rng">Root stream of all events; not advanced.</param>
    /// <param name="progress">Told after each small batch, in order and never twice at once, from worker threads.</param>
    /// <param name="cancel">Looked at before each event.</param>
    /// <exception cref="ArgumentException">The length is not one of whole rows, or a parameter is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SimulationSet Run(
        ReadOnlySpan<double> theta, long from, Rng rng, IProgress<SimulationProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        if (theta.Length % _parameters != 0)
        {
            throw new ArgumentException($"Expected theta [n, {_parameters}], got {theta.Length} numbers.", nameof(theta));
        }

        int bad = SimulationSet.FirstNonFinite(theta);
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"Expected finite parameters, got {theta[bad]} for {_simulator.ParameterNames[bad % _parameters]} in row {bad / _parameters}.",
                nameof(theta));
        }

        return Run(theta.ToArray(), sampler: null, from, rng, progress, cancel);
    }

    private SimulationSet Run(
        double[] theta, ParameterSampler? sampler, long from, Rng rng, IProgress<SimulationProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int count = theta.Length / _parameters;
        double[] x = new double[(long)count * _outputs];
        var work = new Work(sampler, from, rng, theta, x, new FailureLog(count, _options.KeptFailures, progress), cancel);
        int trial = from == 0 ? Math.Min(_options.TrialEvents, count) : 0;
        RunRows(0, trial, work);
        bool allFailed = trial > 0 && work.Log.Failed == trial;
        if (allFailed)
        {
            (theta, x) = (theta[..(trial * _parameters)], x[..(trial * _outputs)]);
        }
        else
        {
            RunRows(trial, count, work);
        }

        return SimulationSet.FromArrays(_parameters, _outputs, from, theta, x) with
        {
            Failures = work.Log.First,
            StopReason = allFailed ? SimulationStopReason.AllFailed : SimulationStopReason.Completed,
        };
    }

    // Batches only spread the work: a row's numbers do not depend on the batch it is in.
    private void RunRows(int from, int to, Work work)
    {
        int batch = Math.Clamp((to - from) / (8 * _threads), 1, LargestBatch);
        int batches = (to - from + batch - 1) / batch;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = work.Cancel };
        try
        {
            Parallel.For(0, batches, options, b => RunBatch(from + (b * batch), Math.Min(to, from + ((b + 1) * batch)), work));
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0]);
        }
    }

    private void RunBatch(int from, int to, Work work)
    {
        List<SimulationFailure> failures = [];
        for (int row = from; row < to; row++)
        {
            work.Cancel.ThrowIfCancellationRequested();
            string? problem = RunRow(row, work);
            if (problem is not null)
            {
                failures.Add(new SimulationFailure(work.From + row, work.Theta.AsSpan(row * _parameters, _parameters).ToArray(), problem));
            }
        }

        work.Log.Add(to - from, failures);
    }

    private string? RunRow(int row, Work work)
    {
        Rng stream = work.Rng.Split(work.From + row);
        Span<double> theta = work.Theta.AsSpan(row * _parameters, _parameters), x = work.X.AsSpan(row * _outputs, _outputs);
        if (work.Sampler is not null)
        {
            work.Sampler(theta, stream.Split("theta"));
            int bad = SimulationSet.FirstNonFinite(theta);
            if (bad >= 0)
            {
                throw new InvalidOperationException($"The prior drew {theta[bad]} for {_simulator.ParameterNames[bad]} in event {work.From + row}.");
            }
        }

        x.Fill(double.NaN);         // an output that the simulator forgets shows as a failure
        try
        {
            _simulator.Simulate(theta, x, stream.Split("x"));
        }
        catch (Exception error) when (!(error is OperationCanceledException && work.Cancel.IsCancellationRequested))
        {
            x.Fill(double.NaN);
            return $"{error.GetType().Name}: {error.Message}";
        }

        int output = SimulationSet.FirstNonFinite(x);
        return output < 0 ? null : $"Output {_simulator.OutputNames[output]} is {x[output]}.";
    }

    private sealed record Work(
        ParameterSampler? Sampler, long From, Rng Rng, double[] Theta, double[] X, FailureLog Log, CancellationToken Cancel);

    // Counts, and keeps the failures of lowest index, which do not depend on the order in which threads come by.
    private sealed class FailureLog(int total, int kept, IProgress<SimulationProgress>? progress)
    {
        private readonly Lock _gate = new();
        private readonly SortedList<long, SimulationFailure> _first = [];
        private int _done;

        public int Failed { get; private set; }

        public IReadOnlyList<SimulationFailure> First => [.. _first.Values];

        public void Add(int done, List<SimulationFailure> failures)
        {
            lock (_gate)
            {
                _done += done;
                Failed += failures.Count;
                foreach (SimulationFailure failure in failures)
                {
                    _first.Add(failure.Index, failure);
                    if (_first.Count > kept)
                    {
                        _first.RemoveAt(kept);
                    }
                }

                progress?.Report(new SimulationProgress(_done, total, Failed));
            }
        }
    }
}
