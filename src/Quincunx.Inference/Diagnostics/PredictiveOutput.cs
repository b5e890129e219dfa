namespace Quincunx.Inference.Diagnostics;

/// <param name="Quantiles">Predictive quantiles at the levels of the options.</param>
/// <param name="PValue">Two-sided: twice the smaller share of simulations at or beyond the observed value, the observation itself counted as one.</param>
/// <param name="Score">The observed value on the check's standard scale: about a standard normal deviate near 0, logarithmic far out.</param>
public sealed record PredictiveOutput(string Name, double Observed, IReadOnlyList<double> Quantiles, double PValue, double Score);
