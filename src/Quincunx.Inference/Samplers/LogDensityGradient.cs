namespace Quincunx.Inference.Samplers;

/// <summary>Log of a density up to a constant at one point, as the result, and its derivatives.</summary>
/// <param name="z">Shape <c>[d]</c>.</param>
/// <param name="gradient">Shape <c>[d]</c>, overwritten.</param>
public delegate double LogDensityGradient(ReadOnlySpan<double> z, Span<double> gradient);
