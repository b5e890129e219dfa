namespace Quincunx.Runs.Pipeline.Reporting;

/// <param name="FailedShare">From 0 to 1.</param>
public sealed record RoundMetrics(int Round, int Count, int Failed, double FailedShare);
