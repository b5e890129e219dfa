using Quincunx.Runs.Reports;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <param name="Level"><c>trusted</c>, <c>caution</c> or <c>do-not-trust</c>.</param>
/// <param name="Reasons">What failed, the gravest first; empty for <c>trusted</c>.</param>
/// <param name="Passed">The checks that passed.</param>
public sealed record VerdictMetrics(string Level, IReadOnlyList<string> Reasons, IReadOnlyList<string> Passed)
{
    public const string Trusted = "trusted", Caution = "caution", DoNotTrust = "do-not-trust";

    internal static VerdictMetrics Of(ReportVerdict verdict) => new(
        verdict.Level switch { VerdictLevel.Trusted => Trusted, VerdictLevel.Caution => Caution, _ => DoNotTrust }, verdict.Failed, verdict.Passed);
}
