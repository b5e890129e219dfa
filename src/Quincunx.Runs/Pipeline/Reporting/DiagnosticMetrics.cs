namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>Each null where the check was switched off or could not be made.</summary>
public sealed record DiagnosticMetrics(SbcFacts? Sbc, CoverageFacts? Coverage, PredictiveFacts? Predictive, PredictiveFacts? Typical);
