namespace Quincunx.Runs.Pipeline.Reporting;

/// <param name="RawEfficiency">Effective sample size per draw of the network itself as the proposal.</param>
/// <param name="Trend">Whether the efficiency has settled; an <see cref="Inference.Importance.EfficiencyTrend"/>.</param>
/// <param name="Drawing">How drawing until an effective number ended, a <see cref="Inference.Importance.DrawUntilStop"/>; null for a fixed number.</param>
/// <param name="Ess">Effective sample size of the reported draws; 0 where network and likelihood had no overlap, and the rest is then null.</param>
public sealed record ImportanceMetrics(
    int Draws, double Efficiency, double Ess, double ParetoK, double ParetoKLimit, double LogEvidence, double LogEvidenceError, double RawEfficiency, int Zeros, int Invalid,
    string Adaptation, long Evaluations, string? Trend, string? Drawing)
{
    internal static ImportanceMetrics Of(ImportanceFacts facts) => new(
        facts.Draws, facts.Efficiency, facts.EffectiveSampleSize, facts.ParetoK, facts.ParetoKLimit, facts.LogEvidence, facts.LogEvidenceError, facts.RawEfficiency, facts.Zeros,
        facts.Invalid, facts.Adaptation, facts.Evaluations, facts.Trend, facts.Drawing?.Stop);
}
