using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Abc;

/// <summary>Population Monte Carlo: rejection at a falling tolerance, each population proposed from the one before and weighted for it.</summary>
/// <remarks>
/// <para>
/// Beaumont et al. 2009 (Biometrika 96, 983) and Toni et al. 2009 (J. R. Soc. Interface 6, 187), in the unconstrained coordinates of the prior's support, so that no proposal leaves a bounded prior. The tolerance adapts to the distances.
/// </para>
/// <para>
/// The draws of the result are, unless <see cref="SmcAbcOptions.Recycle"/> is off, those of all simulations so far, the population in progress included, that lie within the smallest tolerance at which their effective size is
/// that of a population. Each is weighted by the prior over the mixture of all that was drawn from (the balance heuristic of Veach and Guibas 1995; Cornuet et al. 2012, Scand. J. Stat. 39, 798), so that no simulation near the observation is lost.
/// </para>
/// <para>The result is a function of the seed and the options, not of the number of threads, nor of where a run ended and was continued.</para>
/// </remarks>
public sealed class SmcAbc
{
    private readonly ISimulator _simulator;
    private readonly IDistribution _prior;
    private readonly SmcAbcOptions _options;
    private readonly SupportBijection _bijection;

    /// <param name="simulator">Called from many threads at once.</param>
    /// <param name="prior">Continuous, with a density.</param>
    /// <exception cref="ArgumentException">The prior is discrete, without a density or of another dimension than the simulator, or an option is out of its range.</exception>
    public SmcAbc(ISimulator simulator, IDistribution prior, SmcAbcOptions options)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(options);
        Require.Density(prior, "The weights of SMC-ABC need", nameof(prior));
        if (prior.Dimension != simulator.ParameterNames.Count)
        {
            throw new ArgumentException($"Expected a prior of {simulator.ParameterNames.Count} parameters, got {prior.Dimension}.", nameof(prior));
        }

        (_simulator, _prior, _options, _bijection) = (simulator, prior, options.Checked(prior.Dimension), new SupportBijection(prior));
    }

    /// <param name="observed">Shape <c>[outputs]</c>. A number that is not finite ends the run before it begins.</param>
    /// <param name="rng">Root stream of all events; not advanced.</param>
    /// <param name="progress">Told after each small batch, from worker threads.</param>
    /// <param name="cancel">Ends the run with what whole batches brought.</param>
    /// <exception cref="ArgumentException">The observation has another length than the simulator's outputs.</exception>
    public AbcResult Run(ReadOnlySpan<double> observed, Rng rng, IProgress<AbcProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        AbcEvents events = Events(rng);
        return Run(events, new SmcAbcState(_options.ParticleCount(_prior.Dimension), events.Summarise(observed), Fingerprint(rng), _options.FirstEvent), rng, progress, cancel);
    }

    /// <summary>Goes on where an earlier run ended, with a budget that counts from that run's beginning: the same as one run with that budget.</summary>
    /// <param name="earlier">Unchanged. Of this problem, with the same options but for those that say when to end, and how the draws are made.</param>
    /// <param name="rng">The stream of the earlier run.</param>
    /// <inheritdoc cref="Run(ReadOnlySpan{double}, Rng, IProgress{AbcProgress}, CancellationToken)"/>
    /// <exception cref="ArgumentException">The state is of another problem, stream or number of particles.</exception>
    public AbcResult Continue(SmcAbcState earlier, Rng rng, IProgress<AbcProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(rng);
        AbcEvents events = Events(rng);
        if (earlier.Fingerprint != Fingerprint(rng) || earlier.Observed.Length != events.SummaryCount || (_options.Particles ?? earlier.Particles) != earlier.Particles)
        {
            throw new ArgumentException(
                $"Expected the state of a run with this stream, {events.SummaryCount} summaries and {_options.Particles ?? earlier.Particles} particles, got one of "
                + $"{(earlier.Fingerprint == Fingerprint(rng) ? "this" : "another")} stream, {earlier.Observed.Length} summaries and {earlier.Particles} particles.",
                nameof(earlier));
        }

        events.Restore(earlier.Next, earlier.Failed, earlier.Failures);
        return Run(events, earlier.Copy(), rng, progress, cancel);
    }

    private static ulong Fingerprint(Rng rng) => rng.Split("fingerprint").NextUInt64();

    private AbcEvents Events(Rng rng) => new(_simulator, _options.Simulation, _options.Summary, rng, _options.FirstEvent);

    private AbcResult Run(AbcEvents events, SmcAbcState state, Rng rng, IProgress<AbcProgress>? progress, CancellationToken cancel)
    {
        AbcStopReason reason;
        if (SimulationSet.FirstNonFinite(state.Observed) >= 0)
        {
            reason = AbcStopReason.ObservationNotFinite;
        }
        else
        {
            try
            {
                reason = new SmcAbcRun(events, state, _prior, _bijection, _options, rng).Run(progress, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                reason = AbcStopReason.Cancelled;
            }
        }

        (state.Next, state.Failed, state.Failures) = (events.Next, events.Failed, events.Failures);
        return Finish(reason, events, state, rng, cancel);
    }

    private AbcResult Finish(AbcStopReason reason, AbcEvents events, SmcAbcState state, Rng rng, CancellationToken cancel)
    {
        (AbcDraws draws, double tolerance, AbcDistance? distance) = new SmcDraws(state, _options, _prior.Dimension).Make(reason);
        RegressionReport? regression = null;
        if (_options.Regression is not null && distance is not null && draws.Count > 0)
        {
            (draws, regression) = new RegressionAdjustment(_bijection, distance, state.Observed, _options.Regression).Apply(draws, tolerance, rng.Split("regression"), cancel);
        }

        List<AbcPopulation> populations = [.. state.Populations];
        if (events.Next > state.PopulationStart)
        {
            populations.Add(new AbcPopulation(state.Tolerance, events.Next - state.PopulationStart, state.Accepted.Count, double.NaN, double.NaN));
        }

        var result = new AbcResult
        {
            StopReason = reason,
            Advice = [],
            Draws = draws,
            Tolerance = draws.Count == 0 ? double.NaN : tolerance,
            Simulations = events.Next,
            Failed = events.Failed,
            Failures = events.Failures,
            Populations = populations,
            Distance = distance,
            Typicality = state.Typicality,
            Regression = regression,
            State = reason == AbcStopReason.ObservationNotFinite ? null : state,
        };
        return result with { Advice = AbcAdvice.Of(result, events, state.Observed, nearest: draws.Count == 0 ? double.NaN : draws.Distances.Min()) };
    }
}
