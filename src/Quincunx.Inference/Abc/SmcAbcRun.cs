using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Abc;

/// <summary>The loop of <see cref="SmcAbc"/>: a state that simulations are added to, and that is judged at events which do not depend on the budget.</summary>
internal sealed class SmcAbcRun(AbcEvents events, SmcAbcState state, IDistribution prior, SupportBijection bijection, SmcAbcOptions options, Rng rng)
{
    private const int LargestChunk = 1000, SmallestChunk = 50, MostTries = 1000, EventsBeforeJudgement = 1000;
    private const double LeastEfficiency = 0.02;

    // Of the events that are likely to fill the population: the rest comes in small chunks, so that few are simulated beyond its end.
    private const double ChunkPart = 0.95;
    private readonly Rng _proposals = rng.Split("proposals");

    public AbcStopReason Run(IProgress<AbcProgress>? progress, CancellationToken cancel)
    {
        while (true)
        {
            if (events.Next == state.ChunkEnd && Judge() is AbcStopReason reason)
            {
                return reason;
            }

            int count = (int)(Math.Min(state.ChunkEnd, options.Budget) - events.Next);
            if (count <= 0)
            {
                return events.Failed == events.Simulations ? AbcStopReason.AllFailed : AbcStopReason.BudgetExhausted;
            }

            cancel.ThrowIfCancellationRequested();
            var relay = AbcRelay.For(progress, events, options.Budget, state.Populations.Count, state.Tolerance, state.Accepted.Count);
            if (state.Populations.Count == 0)
            {
                Add(events.Simulate(prior, count, relay, cancel));
                state.PriorDraws += count;
            }
            else if (Propose(count) is (double[] theta, long draws))
            {
                Add(events.Simulate(theta, relay, cancel));
                state.Proposals[^1] = (state.Proposals[^1].Proposal, state.Proposals[^1].Draws + draws);
            }
            else
            {
                return AbcStopReason.Collapsed;
            }
        }
    }

    // Null to go on, with the end of the next chunk set.
    private AbcStopReason? Judge()
    {
        long simulated = events.Next - state.PopulationStart;
        if (events.AllFailed)
        {
            return AbcStopReason.AllFailed;
        }

        if (state.InProgress && state.Accepted.Count >= state.Particles)
        {
            Complete(simulated);
        }

        if (!state.InProgress)
        {
            if ((Ended() ?? Begin()) is AbcStopReason reason)
            {
                return reason;
            }

            simulated = 0;
        }
        else if (simulated >= EventsBeforeJudgement && state.Accepted.Count < options.LeastAcceptance * simulated)
        {
            return AbcStopReason.AcceptanceTooLow;
        }

        int missing = state.Particles - state.Accepted.Count;
        double rate = simulated == 0 ? 1 : (state.Accepted.Count + 1.0) / (simulated + 2);
        state.ChunkEnd = events.Next + (events.Simulations == 0
            ? Math.Min(AbcEvents.TrialEvents, state.Particles)
            : (long)Math.Clamp(Math.Ceiling(ChunkPart * missing / rate), SmallestChunk, LargestChunk));
        return null;
    }

    // Takes the population that is full.
    private void Complete(long simulated)
    {
        if (state.Distance is null)
        {
            FindScales();
        }

        SmcParticle[] particles = [.. state.Accepted.Take(state.Particles)];
        double[] logWeights = new double[particles.Length];
        if (state.Proposals.Count > 0)
        {
            double[] proposed = state.Proposals[^1].Proposal.LogDensities([.. particles.Select(p => p.Z)]);
            logWeights = [.. particles.Select((p, i) => p.LogPrior - proposed[i])];
        }

        double[] weights = Normalised(logWeights);
        double change = state.Last.Length == 0 ? double.NaN : Change(particles, weights);
        state.Populations.Add(new AbcPopulation(state.Tolerance, simulated, state.Accepted.Count, 1 / weights.Sum(w => w * w), change));
        (state.Last, state.LastWeights, state.PopulationStart, state.InProgress) = (particles, weights, events.Next, false);
        state.Accepted.Clear();
    }

    private AbcStopReason? Ended()
    {
        AbcPopulation last = state.Populations[^1];
        return state.Tolerance <= options.Tolerance ? AbcStopReason.ToleranceReached
            : state.Populations.Count >= options.MaxPopulations ? AbcStopReason.Completed
            : last.Change < options.SettledChange ? AbcStopReason.Settled
            : last.EffectiveSampleSize < Math.Max(prior.Dimension + 2, LeastEfficiency * state.Particles) ? AbcStopReason.Collapsed
            : null;
    }

    private AbcStopReason? Begin()
    {
        (SmcParticle[] particles, double[] weights) = (state.Last, state.LastWeights);
        double next = SmcTolerance.Next(options.Rule, options.Share, particles, weights);
        if (!(next < state.Tolerance))
        {
            return AbcStopReason.Settled;
        }

        next = Math.Max(next, Math.Min(options.Tolerance, state.Tolerance));
        int[] inner = [.. Enumerable.Range(0, particles.Length).Where(i => particles[i].Distance <= next)];
        if (SmcProposal.Make(options.Kernel, [.. particles.Select(p => p.Z)], weights, inner, options.Neighbours) is not SmcProposal proposal)
        {
            return AbcStopReason.Collapsed;
        }

        (state.Tolerance, state.InProgress) = (next, true);
        state.Pool.RemoveAll(p => p.Distance > next);
        state.Proposals.Add((proposal, 0));
        return null;
    }

    private void FindScales()
    {
        (AbcDistance distance, double typicality, List<SmcParticle> measured) = SmcDraws.Measure(state, options.Metric);
        (state.Distance, state.Typicality) = (distance, typicality);
        state.Accepted.Clear();
        state.Accepted.AddRange(measured);
        state.Pool = [.. measured];
    }

    private void Add(AbcBatch batch)
    {
        (int d, int m) = (prior.Dimension, events.SummaryCount);
        for (int i = 0; i < batch.Count; i++)
        {
            double[] theta = batch.Theta[(i * d)..((i + 1) * d)], summary = batch.Summaries[(i * m)..((i + 1) * m)], z = new double[d];
            double distance = state.Distance?.Between(summary, state.Observed) ?? double.NaN;
            if (state.Distance is null || distance <= state.Tolerance)
            {
                bijection.ToUnconstrained(theta, z);
                var particle = new SmcParticle(theta, z, summary, prior.LogProb(theta) + bijection.LogAbsDetToConstrained(z), distance);
                state.Accepted.Add(particle);
                if (state.Distance is not null)
                {
                    state.Pool.Add(particle);
                }
            }
        }
    }

    // Parameters of the next events, and how many draws they took: those outside a prior whose support is no product of intervals are drawn again. Null where that does not end.
    private (double[] Theta, long Draws)? Propose(int count)
    {
        int d = prior.Dimension;
        double[] theta = new double[count * d], z = new double[d];
        long draws = 0;
        for (int i = 0; i < count; i++)
        {
            Rng stream = _proposals.Split(events.Next + i);
            Span<double> row = theta.AsSpan(i * d, d);
            int tries = 0;
            do
            {
                if (tries++ == MostTries)
                {
                    return null;
                }

                state.Proposals[^1].Proposal.Draw(z, stream);
                bijection.ToConstrained(z, row);
            }
            while (!(prior.LogProb(row) > double.NegativeInfinity) || SimulationSet.FirstNonFinite(row) >= 0);
            draws += tries;
        }

        return (theta, draws);
    }

    private double Change(SmcParticle[] particles, double[] weights)
    {
        (double[] mean, double[] covariance) = SmcProposal.Moments([.. particles.Select(p => p.Z)], weights, [.. Enumerable.Range(0, particles.Length)]);
        (double[] oldMean, double[] oldCovariance) = SmcProposal.Moments([.. state.Last.Select(p => p.Z)], state.LastWeights, [.. Enumerable.Range(0, state.Last.Length)]);
        int d = mean.Length;
        return Enumerable.Range(0, d).Max(k =>
        {
            double variance = covariance[k * (d + 1)], oldVariance = oldCovariance[k * (d + 1)];
            return Math.Max(Math.Abs(mean[k] - oldMean[k]) / Math.Sqrt(variance), 0.5 * Math.Abs(Math.Log(variance / oldVariance)));
        });
    }

    internal static double[] Normalised(double[] logWeights)
    {
        double largest = logWeights.Max();
        double[] weights = [.. logWeights.Select(w => Math.Exp(w - largest))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
