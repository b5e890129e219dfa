using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Onnx.Export;

/// <summary>A tensor of a computation that was traced for two batches.</summary>
/// <param name="Memory">Number of its memory: tensors with the same number are views of each other.</param>
/// <param name="Start">Place of the first element there, in elements.</param>
/// <param name="Values">What it held in the trace of the shorter batch.</param>
internal sealed record GraphTensor(int Memory, Extent Start, IReadOnlyList<Extent> Shape, DType DType, Tensor Values)
{
    public Extent Count => Extent.Product(Shape);

    public int Rank => Shape.Count;

    public bool HasShape(IReadOnlyList<Extent> shape) => Shape.SequenceEqual(shape);
}
