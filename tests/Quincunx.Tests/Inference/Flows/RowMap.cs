using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Flows;

/// <summary>A bijection as a map of rows, as tests count.</summary>
internal sealed class RowMap(IBijection map) : IModule
{
    public int Dimension => map.Dimension;

    public Transformed Forward(Tensor x, Tensor context) => Turned(map.Forward(x.Transpose(), context.Transpose()));

    public Transformed Inverse(Tensor y, Tensor context) => Turned(map.Inverse(y.Transpose(), context.Transpose()));

    public void Describe(ParameterTree tree) => map.Describe(tree);

    private static Transformed Turned(Transformed columns) => columns with { Value = columns.Value.Transpose() };
}
