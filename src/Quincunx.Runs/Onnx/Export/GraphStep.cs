using Quincunx.Numerics.Tensors;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Runs.Onnx.Export;

/// <summary>An operation of a computation that was traced for two batches.</summary>
internal sealed record GraphStep(OperationNote Note, IReadOnlyList<GraphTensor> Results, IReadOnlyList<GraphTensor> Inputs)
{
    public GraphTensor Result => Results[0];

    public DType DType => Results[0].DType;
}
