namespace Quincunx.Cli;

/// <summary>A parameter's row in <c>metrics.json</c>; NaN for what is not in it.</summary>
/// <param name="Q025">The 2.5 % quantile.</param>
/// <param name="Q975">The 97.5 % quantile.</param>
internal sealed record ParameterSummary(string Name, double Mean, double Sd, double Q025, double Q975);
