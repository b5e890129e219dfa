namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>The simulations that networks were trained on; those of the diagnostics are counted there.</summary>
/// <param name="PriorConditionalOnSuccess">Some failed: what was learned is the posterior under the prior given success.</param>
public sealed record SimulationMetrics(long Total, IReadOnlyList<RoundMetrics> Rounds, long Failed, double FailedShare, bool PriorConditionalOnSuccess)
{
    internal static SimulationMetrics Of(IReadOnlyList<SimulationFacts> rounds)
    {
        long total = rounds.Sum(r => (long)r.Count), failed = rounds.Sum(r => (long)r.Failed);
        return new SimulationMetrics(total, [.. rounds.Select((r, i) => new RoundMetrics(i + 1, r.Count, r.Failed, r.FailedShare))], failed, (double)failed / total, failed > 0);
    }
}
