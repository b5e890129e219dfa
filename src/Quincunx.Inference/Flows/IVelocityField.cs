using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>The right side of dx/dt = f(x, t, context), column by column, with its divergence: what a <see cref="ContinuousFlow"/> integrates.</summary>
public interface IVelocityField : IModule
{
    /// <summary>Length of a column.</summary>
    int Dimension { get; }

    /// <param name="x">Shape <c>[Dimension, n]</c>.</param>
    /// <param name="context">Shape <c>[c, n]</c> or <c>[c, 1]</c>; null for a field without context.</param>
    /// <returns>f, shape <c>[Dimension, n]</c>.</returns>
    Tensor Velocity(double t, Tensor x, Tensor? context);

    /// <param name="x">Shape <c>[Dimension, n]</c>.</param>
    /// <param name="context">Shape <c>[c, n]</c> or <c>[c, 1]</c>; null for a field without context.</param>
    /// <param name="noise">Shape <c>[Dimension, n]</c>: the divergence is estimated by ε · (∂f/∂x ε), without bias where E εεᵀ = 1. Null: it is exact.</param>
    /// <returns>f, and the sum of ∂fᵢ/∂xᵢ for each column, shape <c>[n]</c>.</returns>
    (Tensor Velocity, Tensor Divergence) WithDivergence(double t, Tensor x, Tensor? context, Tensor? noise);
}
