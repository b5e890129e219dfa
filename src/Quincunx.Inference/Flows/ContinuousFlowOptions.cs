using Quincunx.Numerics.DifferentialEquations;

namespace Quincunx.Inference.Flows;

/// <summary>How a <see cref="ContinuousFlow"/> is integrated.</summary>
public sealed record ContinuousFlowOptions
{
    /// <summary>
    /// Fixed steps by default: then each column's result is its own, whatever else is in the batch, and training steps can be replayed. Adaptive steps follow the whole batch.
    /// </summary>
    public OdeOptions Solver { get; init; } = new() { Method = RungeKuttaMethod.RungeKutta4, Step = 1.0 / 8 };

    /// <summary>Take gradients by the adjoint equations, in memory that does not grow with the steps, and not through the steps.</summary>
    public bool Adjoint { get; init; }
}
