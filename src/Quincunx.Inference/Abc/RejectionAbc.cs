using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Abc;

/// <summary>Rejection: keeps draws from the prior whose simulations land near the observation.</summary>
/// <remarks>
/// Pritchard et al. 1999, Mol. Biol. Evol. 16, 1791; with a regression, Beaumont et al. 2002 and Blum and François 2010. The prior need not have a density. Event i is that of
/// <see cref="SimulationRunner"/>, a function of the seed and i alone, and so the result does not depend on the number of threads.
/// </remarks>
/// <param name="simulator">Called from many threads at once.</param>
/// <param name="prior">Of as many parameters as the simulator has; discrete ones only without a regression.</param>
/// <param name="options">Checked on entry.</param>
public sealed class RejectionAbc(ISimulator simulator, IDistribution prior, RejectionAbcOptions options)
{
    private const int ChunkEvents = 1024;
    private readonly RejectionAbcOptions _options = options.Checked();
    private readonly SupportBijection? _bijection = options.Regression is null ? null : new SupportBijection(prior);

    /// <param name="observed">Shape <c>[outputs]</c>. A number that is not finite ends the run before it begins.</param>
    /// <param name="rng">Root stream of all events; not advanced.</param>
    /// <param name="progress">Told after each small batch, from worker threads.</param>
    /// <param name="cancel">Ends the run with what was accepted in whole batches.</param>
    /// <exception cref="ArgumentException">The observation or the prior has another length than the simulator's.</exception>
    /// <exception cref="InvalidOperationException">The prior drew a parameter that is not finite.</exception>
    public AbcResult Run(ReadOnlySpan<double> observed, Rng rng, IProgress<AbcProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        var events = new AbcEvents(simulator, _options.Simulation, _options.Summary, rng, _options.FirstEvent);
        double[] summary = events.Summarise(observed);
        var accepted = new AbcAcceptance(prior.Dimension, events.SummaryCount, summary, _options);
        if (SimulationSet.FirstNonFinite(summary) >= 0)
        {
            return Finish(AbcStopReason.ObservationNotFinite, events, accepted, summary, rng, CancellationToken.None);
        }

        AbcStopReason reason;
        try
        {
            reason = Simulate(events, accepted, progress, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            reason = AbcStopReason.Cancelled;
        }

        return Finish(reason, events, accepted, summary, rng, cancel);
    }

    private AbcStopReason Simulate(AbcEvents events, AbcAcceptance accepted, IProgress<AbcProgress>? progress, CancellationToken cancel)
    {
        while (events.Next < _options.Budget)
        {
            cancel.ThrowIfCancellationRequested();
            int trial = events.Simulations == 0 ? AbcEvents.TrialEvents : ChunkEvents;
            int count = (int)Math.Min(_options.Budget - events.Next, Math.Min(trial, accepted.WantedForScales(events.Simulations) ?? trial));
            var relay = AbcRelay.For(progress, events, _options.Budget, population: 0, accepted.Tolerance, accepted.Count);
            accepted.Add(events.Simulate(prior, count, relay, cancel), events.Simulations);
            if (events.AllFailed)
            {
                return AbcStopReason.AllFailed;
            }

            if (_options.Samples is int wanted && accepted.Count >= wanted)
            {
                return AbcStopReason.Completed;
            }
        }

        return events.Failed == events.Simulations ? AbcStopReason.AllFailed
            : accepted.Close() == 0 ? AbcStopReason.NoneAccepted
            : _options.Samples is null ? AbcStopReason.Completed
            : accepted.Count >= _options.Samples ? AbcStopReason.Completed
            : AbcStopReason.BudgetExhausted;
    }

    private AbcResult Finish(AbcStopReason reason, AbcEvents events, AbcAcceptance accepted, double[] observed, Rng rng, CancellationToken cancel)
    {
        accepted.Close();
        (AbcDraws draws, double tolerance) = accepted.Draws(events.Simulations);
        var population = new AbcPopulation(tolerance, events.Simulations, draws.Count, draws.EffectiveSampleSize, double.NaN);
        RegressionReport? regression = null;
        if (_bijection is not null && _options.Regression is not null && accepted.Distance is not null && draws.Count > 0)
        {
            (draws, regression) = new RegressionAdjustment(_bijection, accepted.Distance, observed, _options.Regression).Apply(draws, tolerance, rng.Split("regression"), cancel);
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
            Populations = reason == AbcStopReason.ObservationNotFinite ? [] : [population],
            Distance = accepted.Distance,
            Typicality = accepted.Typicality,
            Regression = regression,
        };
        return result with { Advice = AbcAdvice.Of(result, events, observed, accepted.Nearest) };
    }
}
