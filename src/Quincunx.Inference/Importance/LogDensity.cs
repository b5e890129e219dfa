namespace Quincunx.Inference.Importance;

/// <summary>Log of a density up to a constant, at one point. Called from many threads at once. Negative infinity outside the support; NaN is counted as a failure.</summary>
public delegate double LogDensity(ReadOnlySpan<double> z);
