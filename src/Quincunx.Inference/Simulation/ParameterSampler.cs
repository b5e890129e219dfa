using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Simulation;

/// <summary>Draws one parameter vector, from a prior or from a truncated or adapted one.</summary>
/// <param name="theta">Shape <c>[parameters]</c>; overwritten, with finite numbers.</param>
/// <param name="rng">The stream of this draw alone. Called from many threads at once, each with its own buffer and stream.</param>
public delegate void ParameterSampler(Span<double> theta, Rng rng);
