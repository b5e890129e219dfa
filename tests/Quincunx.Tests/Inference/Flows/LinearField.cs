using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Flows;

/// <summary>dx/dt = A x: after time t the map is exp(A t) and its log-determinant is t tr A.</summary>
internal sealed class LinearField(Tensor matrix) : IVelocityField
{
    public int Dimension => matrix.Shape[0];

    public Tensor Velocity(double t, Tensor x, Tensor? context) => Tensor.MatMul(matrix, x);

    public (Tensor Velocity, Tensor Divergence) WithDivergence(double t, Tensor x, Tensor? context, Tensor? noise) =>
        (Velocity(t, x, context), noise is null ? matrix.Trace().BroadcastTo(new Shape(x.Shape[1])) : (noise * Tensor.MatMul(matrix, noise)).Sum(axis: 0));

    public void Describe(ParameterTree tree)
    {
    }
}
