namespace Quincunx.Inference.Causal;

/// <summary>The value of a formula, or the stratum of probability 0 that it would have needed.</summary>
/// <param name="Value">NaN if there is none.</param>
/// <param name="EmptyStratum">Null if there is a value.</param>
internal readonly record struct EstimandValue(double Value, string? EmptyStratum = null);
