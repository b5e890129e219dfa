using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>A trajectory in phase space at the requested times.</summary>
/// <param name="Q">Positions, shape <c>[times reached, ..]</c>.</param>
/// <param name="P">Momenta, of the same shape.</param>
/// <param name="Outcome">How it went.</param>
public sealed record HamiltonianResult(Tensor Q, Tensor P, OdeOutcome Outcome);
