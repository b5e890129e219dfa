namespace Quincunx.Runs.Checks;

/// <summary>A likelihood evaluated at parameters from the prior.</summary>
/// <param name="Evaluated">Parameter vectors tried.</param>
/// <param name="FiniteAtSimulation">Of these, finite at the data that were simulated from them.</param>
/// <param name="FiniteAtObservation">Of these, finite at the observation. Negative infinity is allowed there: the data may be impossible.</param>
/// <param name="Undefined">Values that were NaN or positive infinity.</param>
/// <param name="Error">What the first one that was thrown says, or null.</param>
public sealed record LikelihoodCheck(int Evaluated, int FiniteAtSimulation, int FiniteAtObservation, int Undefined, string? Error);
