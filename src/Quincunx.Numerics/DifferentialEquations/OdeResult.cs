using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>A solution at the requested times.</summary>
/// <param name="States">Shape <c>[times reached, ..]</c>, the state's axes behind the first; the first is the start.</param>
/// <param name="Outcome">How it went; where it stopped early, <paramref name="States"/> has fewer rows than there were times.</param>
/// <param name="Dense">The solution at any time up to <see cref="OdeOutcome.LastTime"/>, where the options asked for it.</param>
public sealed record OdeResult(Tensor States, OdeOutcome Outcome, DenseOutput? Dense);
