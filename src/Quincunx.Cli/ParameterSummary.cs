namespace Quincunx.Cli;

/// <summary>A parameter's row in <c>metrics.json</c>; NaN for what is not in it.</summary>
/// <param name="Q05">The 5 % quantile.</param>
/// <param name="Q95">The 95 % quantile.</param>
internal sealed record ParameterSummary(string Name, double Mean, double Sd, double Q05, double Q95);
