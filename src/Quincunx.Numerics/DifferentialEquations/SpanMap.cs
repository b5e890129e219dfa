namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>A function of numbers: a force of positions, or a velocity of momenta.</summary>
/// <param name="y">Overwritten; it does not overlap <paramref name="x"/>.</param>
public delegate void SpanMap(ReadOnlySpan<double> x, Span<double> y);
