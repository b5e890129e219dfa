using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Tracing;

/// <summary>A tensor as an operation of a trace saw it.</summary>
/// <param name="Storage">The memory: tensors that share it are views of each other.</param>
/// <param name="Start">Place of the first element in that memory, in elements.</param>
/// <param name="Values">What it held then, in memory of its own.</param>
internal sealed record TracedTensor(Storage Storage, int Start, Tensor Values)
{
    public Shape Shape => Values.Shape;

    public DType DType => Values.DType;

    public static TracedTensor Of(Tensor tensor)
    {
        var copy = new Tensor(tensor.Shape, tensor.DType, StoragePool.Unpooled(checked(tensor.Count * Tensor.SizeOf(tensor.DType))));
        if (tensor.DType == DType.Float32)
        {
            tensor.Elements<float>().CopyTo(copy.Writable<float>());
        }
        else
        {
            tensor.Elements<double>().CopyTo(copy.Writable<double>());
        }

        return new TracedTensor(tensor.Storage, tensor.FirstElement, copy);
    }
}
