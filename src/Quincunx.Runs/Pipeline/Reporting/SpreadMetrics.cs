namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>What the networks of an ensemble do not agree on: standard deviations between them, and the outermost of their ends.</summary>
/// <param name="Mean">Of their means.</param>
/// <param name="Q025">Of their quantiles at 0.025.</param>
/// <param name="Q975">Of their quantiles at 0.975.</param>
/// <param name="LowestQ025">The lowest of their quantiles at 0.025.</param>
/// <param name="HighestQ975">The highest of their quantiles at 0.975.</param>
public sealed record SpreadMetrics(double Mean, double Q025, double Q975, double LowestQ025, double HighestQ975)
{
    internal static SpreadMetrics Of(EnsembleParameterFacts facts) => new(facts.MeanSpread, facts.LowerSpread, facts.UpperSpread, facts.LowestLower, facts.HighestUpper);
}
