namespace Quincunx.Inference.Training;

/// <summary>Brings rows to the scale that a network learns from.</summary>
/// <param name="rows">One or more whole rows.</param>
/// <param name="scaled">The same length; not the same memory.</param>
public delegate void RowScaling(ReadOnlySpan<double> rows, Span<double> scaled);
