namespace Quincunx.Runs.Pipeline.Reporting;

/// <param name="FailedShare">From 0 to 1.</param>
public sealed record RoundMetrics(int Round, long Count, long Failed, double FailedShare);
