namespace Quincunx.Inference.Simulation;

/// <summary>Parameters and outputs of simulations that all succeeded.</summary>
/// <param name="Theta">Shape <c>[Count, parameters]</c>, row-major.</param>
/// <param name="X">Shape <c>[Count, outputs]</c>, row-major, finite.</param>
/// <param name="Count">Rows.</param>
/// <param name="Excluded">
/// Failed simulations that were left out. If there are any, Theta follows the prior conditional on success, not the prior.
/// </param>
public sealed record SimulationPairs(double[] Theta, double[] X, int Count, int Excluded);
