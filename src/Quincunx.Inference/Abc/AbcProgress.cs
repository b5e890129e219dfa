namespace Quincunx.Inference.Abc;

/// <summary>How far approximate Bayesian computation is.</summary>
/// <param name="Simulations">Simulations made, failed ones included.</param>
/// <param name="Budget">Simulations that may be made.</param>
/// <param name="Failed">Simulations that threw or gave non-finite outputs.</param>
/// <param name="Population">Number of the population in progress, from 0.</param>
/// <param name="Tolerance">Its tolerance; infinite while there is none.</param>
/// <param name="Accepted">Its accepted draws.</param>
public readonly record struct AbcProgress(long Simulations, long Budget, long Failed, int Population, double Tolerance, long Accepted);
