namespace Quincunx.Inference.Pilots;

/// <summary>The outputs of a deterministic simulator, and their derivatives.</summary>
/// <param name="theta">Shape <c>[d]</c>, inside the prior's support.</param>
/// <param name="outputs">Shape <c>[m]</c>; overwritten.</param>
/// <param name="slopes">Shape <c>[d, m]</c>: row i is the derivative by parameter i; overwritten.</param>
public delegate void ModelSlopes(ReadOnlySpan<double> theta, Span<double> outputs, Span<double> slopes);
