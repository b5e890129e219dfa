namespace Quincunx.Inference.Simulation;

/// <summary>How far a run of simulations is.</summary>
/// <param name="Done">Simulations finished, failed ones included.</param>
/// <param name="Total">Simulations asked for.</param>
/// <param name="Failed">Simulations that threw or gave non-finite outputs.</param>
public readonly record struct SimulationProgress(long Done, long Total, long Failed);
