namespace Quincunx.Inference.Experiments;

/// <summary>Values, perhaps weighted.</summary>
/// <param name="Weights">As long as <paramref name="Values"/>; null for equal ones.</param>
public sealed record HistogramSample(string Label, IReadOnlyList<double> Values, IReadOnlyList<double>? Weights = null);
