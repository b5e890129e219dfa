using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Simulation;

/// <summary>Runs a simulator on all cores, with the same bytes out whatever their number.</summary>
/// <remarks>
/// Event i uses the stream <c>rng.Split(i)</c>: its child "theta" draws the parameters and its child "x" the outputs. So an
/// event depends on the seed and its number alone: runs may be cut into ranges, on many machines, and a longer run extends a
/// shorter one. An event that throws has NaN outputs; it and any other with a non-finite output is counted as failed.
/// An <see cref="IBatchSimulator"/> is given as many events at once, from as many threads, as it asks for.
/// </remarks>
public sealed class SimulationRunner
{
    private readonly ISimulator _simulator;
    private readonly SimulationOptions _options;
    private readonly int _parameters, _outputs;

    /// <param name="simulator">Called from many threads at once.</param>
    /// <param name="options">Defaults if null.</param>
    /// <exception cref="ArgumentException">The simulator has no parameters or no outputs.</exception>
    public SimulationRunner(ISimulator simulator, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        _simulator = simulator;
        _options = (options ?? new SimulationOptions()).Checked();
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
        IDistribution prior, long from, long to, Rng rng, IProgress<SimulationProgress>? progress = null, CancellationToken cancel = default) =>
        Run(SamplerOf(prior), from, to, rng, progress, cancel);

    /// <summary>Simulates events <paramref name="from"/> to <paramref name="to"/> (excluded) with parameters from a sampler.</summary>
    /// <param name="sampler">Its exceptions end the run: a broken prior is not a failed simulation.</param>
    /// <param name="from">Number of the first event, from 0.</param>
    /// <param name="to">Number after the last event.</param>
    /// <param name="rng">Root stream of all events; not advanced.</param>
    /// <param name="progress">Told after each small batch, in order and never twice at once, from worker threads.</param>
    /// <param name="cancel">Looked at before each event.</param>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is returned, so ask for ranges that are cheap to repeat, or for pieces.</exception>
    /// <exception cref="InvalidOperationException">The sampler drew a parameter that is not finite.</exception>
    public SimulationSet Run(
        ParameterSampler sampler, long from, long to, Rng rng, IProgress<SimulationProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        RequireRange(from, to);
        return RunWhole(new EventSource(sampler), from, to, rng, progress, cancel);
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

        RequireFinite(theta);
        return RunWhole(new EventSource(theta.ToArray(), from), from, from + (theta.Length / _parameters), rng, progress, cancel);
    }

    /// <summary>Simulates events <paramref name="from"/> to <paramref name="to"/> (excluded) and hands them over piece by piece, so that what is done survives a cancellation and need not
    /// fit in memory.</summary>
    /// <param name="prior">Draws the parameters.</param>
    /// <param name="finished">
    /// Gets each piece, consecutive events, as it is finished: one call at a time, from worker threads, in any order. Together the pieces of a run that completes are its
    /// events, each once; how they are cut depends on the machine. An exception from it ends the run.
    /// </param>
    /// <returns>Why it ended. <see cref="SimulationStopReason.AllFailed"/>: only the first events were simulated and handed over.</returns>
    /// <inheritdoc cref="Run(ParameterSampler, long, long, Rng, IProgress{SimulationProgress}, CancellationToken)"/>
    /// <exception cref="OperationCanceledException">Cancelled; what was finished has been handed over.</exception>
    public SimulationStopReason RunPieces(
        IDistribution prior, long from, long to, Rng rng, Action<SimulationSet> finished, IProgress<SimulationProgress>? progress = null, CancellationToken cancel = default)
    {
        ParameterSampler sampler = SamplerOf(prior);
        ArgumentNullException.ThrowIfNull(finished);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        return RunPieces(new EventSource(sampler), from, to, rng, finished, progress, cancel).StopReason;
    }

    /// <summary>As with a prior, at parameters that are given.</summary>
    /// <param name="theta">Shape <c>[events, parameters]</c>, row-major, finite: row i is of event i, whatever the range; at least <paramref name="to"/> rows.</param>
    /// <inheritdoc cref="RunPieces(IDistribution, long, long, Rng, Action{SimulationSet}, IProgress{SimulationProgress}, CancellationToken)"/>
    /// <exception cref="ArgumentException">There are too few rows, or a parameter is not finite.</exception>
    public SimulationStopReason RunPieces(
        ReadOnlySpan<double> theta, long from, long to, Rng rng, Action<SimulationSet> finished, IProgress<SimulationProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(finished);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        if (theta.Length % _parameters != 0 || theta.Length / _parameters < to)
        {
            throw new ArgumentException($"Expected theta [{to} or more, {_parameters}], got {theta.Length} numbers.", nameof(theta));
        }

        RequireFinite(theta);
        return RunPieces(new EventSource(theta.ToArray(), 0), from, to, rng, finished, progress, cancel).StopReason;
    }

    private void RequireFinite(ReadOnlySpan<double> theta)
    {
        int bad = SimulationSet.FirstNonFinite(theta);
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"Expected finite parameters, got {theta[bad]} for {_simulator.ParameterNames[bad % _parameters]} in row {bad / _parameters}.",
                nameof(theta));
        }
    }

    private ParameterSampler SamplerOf(IDistribution prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        return prior.Dimension == _parameters
            ? prior.Sample
            : throw new ArgumentException($"Expected a prior of {_parameters} parameters, got {prior.Dimension}.", nameof(prior));
    }

    private void RequireRange(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        long most = Array.MaxLength / Math.Max(_parameters, _outputs);
        if (to - from > most)
        {
            throw new ArgumentOutOfRangeException(nameof(to), to, $"Expected at most {most} events in one run, got {to - from}.");
        }
    }

    private SimulationSet RunWhole(EventSource source, long from, long to, Rng rng, IProgress<SimulationProgress>? progress, CancellationToken cancel)
    {
        double[] theta = new double[(to - from) * _parameters], x = new double[(to - from) * _outputs];
        SimulationRun run = RunPieces(
            source, from, to, rng,
            piece =>
            {
                piece.Theta.CopyTo(theta, (piece.From - from) * _parameters);
                piece.X.CopyTo(x, (piece.From - from) * _outputs);
            },
            progress, cancel);
        if (run.StopReason == SimulationStopReason.AllFailed)
        {
            (theta, x) = (theta[..(int)(run.Done * _parameters)], x[..(int)(run.Done * _outputs)]);
        }

        return SimulationSet.FromArrays(_parameters, _outputs, from, theta, x) with { Failures = run.Failures, StopReason = run.StopReason };
    }

    private SimulationRun RunPieces(
        EventSource source, long from, long to, Rng rng, Action<SimulationSet> finished, IProgress<SimulationProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(rng);
        var run = new SimulationRun(_simulator, _options, source, rng, to - from, finished, progress);
        long trial = from == 0 ? Math.Min(_options.TrialEvents, to) : 0;
        run.Simulate(from, from + trial, cancel);
        if (trial > 0 && run.Failed == trial)
        {
            run.StopReason = SimulationStopReason.AllFailed;
            return run;
        }

        run.Simulate(from + trial, to, cancel);
        return run;
    }
}
