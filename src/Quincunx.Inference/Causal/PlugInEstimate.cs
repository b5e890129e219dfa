namespace Quincunx.Inference.Causal;

/// <summary>The value of a formula on observations, with its standard error by the bootstrap.</summary>
/// <param name="Value">The formula on the empirical distribution.</param>
/// <param name="StandardError">Standard deviation over the resamples in which the formula has a value; NaN if those are fewer than two.</param>
/// <param name="Resamples">Number of resamples.</param>
/// <param name="Undefined">Number of those in which a stratum that the formula needs is empty. Many of them say that the data hardly support the formula.</param>
public sealed record PlugInEstimate(double Value, double StandardError, int Resamples, int Undefined);
