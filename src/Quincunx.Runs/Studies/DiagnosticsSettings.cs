namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>diagnostics</c>; a count of 0 switches a check off.</summary>
public sealed record DiagnosticsSettings(int Sbc, int SbcDraws, bool Coverage, int Predictive);
