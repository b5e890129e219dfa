namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>The right side of dy/dt = f(t, y) over plain numbers.</summary>
/// <param name="slope">Overwritten; it does not overlap <paramref name="y"/>.</param>
public delegate void SpanVectorField(double t, ReadOnlySpan<double> y, Span<double> slope);
