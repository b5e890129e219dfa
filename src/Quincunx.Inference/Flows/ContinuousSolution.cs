using Quincunx.Numerics.DifferentialEquations;

namespace Quincunx.Inference.Flows;

/// <summary>Columns carried by a velocity field, and what that took.</summary>
/// <param name="Map">NaN throughout where the integration did not reach its end.</param>
/// <param name="Outcome">Why it ended, steps and evaluations.</param>
public readonly record struct ContinuousSolution(Transformed Map, OdeOutcome Outcome);
