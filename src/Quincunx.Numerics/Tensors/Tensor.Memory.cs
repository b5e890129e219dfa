using System.Runtime.InteropServices;
using Quincunx.Numerics.Replays;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The memory of the elements.</summary>
    internal Span<byte> Bytes
    {
        get
        {
            ReplayRecorder.SeenByHost("the memory of a tensor was copied", this);
            return DType == DType.Float32 ? MemoryMarshal.AsBytes(Writable<float>()) : MemoryMarshal.AsBytes(Writable<double>());
        }
    }

    /// <summary>The same values in memory that no scope owns, untracked.</summary>
    internal Tensor CopyUnpooled()
    {
        var copy = new Tensor(Shape, DType, StoragePool.Unpooled(checked(Count * SizeOf(DType))));
        Bytes.CopyTo(copy.Bytes);
        return copy;
    }
}
