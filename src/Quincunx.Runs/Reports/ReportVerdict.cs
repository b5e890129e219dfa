namespace Quincunx.Runs.Reports;

/// <summary>The first thing that a reader of a report sees.</summary>
/// <param name="Level">The worst of the checks.</param>
/// <param name="Failed">What failed, each a sentence that a scientist can act on; empty where all checks passed.</param>
/// <param name="Passed">The checks that passed, as briefly.</param>
public sealed record ReportVerdict(VerdictLevel Level, IReadOnlyList<string> Failed, IReadOnlyList<string> Passed);
