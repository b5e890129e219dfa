using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Abc;

/// <summary>Makes the draws of a result from a state, which it leaves as it is.</summary>
internal sealed class SmcDraws(SmcAbcState state, SmcAbcOptions options, int dimension)
{
    /// <summary>Finds the scales of the distance from the first population's simulations, and their distances.</summary>
    public static (AbcDistance Distance, double Typicality, List<SmcParticle> Measured) Measure(SmcAbcState state, AbcMetric metric)
    {
        double[] rows = [.. state.Accepted.SelectMany(p => p.Summary)];
        var distance = AbcDistance.Fit(metric, rows, state.Observed.Length);
        return (distance, AbcTypicality.Of(distance, rows, state.Observed), [.. state.Accepted.Select(p => p with { Distance = distance.Between(p.Summary, state.Observed) })]);
    }

    /// <returns>The draws, the tolerance that they are within, and the distance; no draws where there is no simulation.</returns>
    public (AbcDraws Draws, double Tolerance, AbcDistance? Distance) Make(AbcStopReason reason)
    {
        if (state.Distance is null)
        {
            if (state.Accepted.Count == 0)
            {
                return (AbcDraws.None(dimension), double.NaN, null);
            }

            // The budget ended within the first population: it is what there is.
            (AbcDistance distance, _, List<SmcParticle> measured) = Measure(state, options.Metric);
            return (Draws(measured, [.. measured.Select(_ => 1.0 / measured.Count)]), measured.Max(p => p.Distance), distance);
        }

        if (!options.Recycle)
        {
            return (Draws(state.Last, state.LastWeights), Largest(state.Last), state.Distance);
        }

        List<SmcParticle> pool = state.Pool;
        double[] logWeights = LogWeights(pool);
        (int[] rows, double tolerance) = reason == AbcStopReason.ToleranceReached
            ? ([.. Enumerable.Range(0, pool.Count)], state.Tolerance)
            : Nearest(pool, logWeights);
        SmcParticle[] kept = [.. rows.Select(i => pool[i])];
        return (Draws(kept, SmcAbcRun.Normalised([.. rows.Select(i => logWeights[i])])), tolerance, state.Distance);
    }

    // The prior over the mixture of everything that was drawn from, each in proportion to its draws.
    private double[] LogWeights(List<SmcParticle> pool)
    {
        double[][] points = [.. pool.Select(p => p.Z)];
        double[][] terms = [.. state.Proposals.Where(p => p.Draws > 0).Select(p => (Logs: p.Proposal.LogDensities(points), Log: Math.Log(p.Draws))).Select(p => p.Logs.Select(log => log + p.Log).ToArray())];
        return [.. pool.Select((p, i) => p.LogPrior - SpecialFunctions.LogSumExp([p.LogPrior + Math.Log(state.PriorDraws), .. terms.Select(t => t[i])]))];
    }

    // The smallest tolerance at which the draws are worth a population; all where none is.
    private (int[] Rows, double Tolerance) Nearest(List<SmcParticle> pool, double[] logWeights)
    {
        int[] order = [.. Enumerable.Range(0, pool.Count).OrderBy(i => pool[i].Distance).ThenBy(i => i)];
        double[] weights = SmcAbcRun.Normalised(logWeights);
        double sum = 0, squares = 0;
        for (int i = 0; i < order.Length; i++)
        {
            sum += weights[order[i]];
            squares += weights[order[i]] * weights[order[i]];
            double distance = pool[order[i]].Distance;
            bool last = i + 1 == order.Length || pool[order[i + 1]].Distance > distance;
            // Less its rounding: equal weights make exactly as many.
            if (last && sum * sum / squares >= state.Particles * (1 - 1e-9))
            {
                return ([.. order.Take(i + 1).Order()], distance);
            }
        }

        return ([.. Enumerable.Range(0, pool.Count)], Largest(pool));
    }

    private static double Largest(IReadOnlyCollection<SmcParticle> particles) => particles.Max(p => p.Distance);

    private AbcDraws Draws(IReadOnlyList<SmcParticle> particles, double[] weights) => new()
    {
        Dimension = dimension,
        Theta = [.. particles.SelectMany(p => p.Theta)],
        Summaries = [.. particles.SelectMany(p => p.Summary)],
        Distances = [.. particles.Select(p => p.Distance)],
        Weights = weights,
    };
}
