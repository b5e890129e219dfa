using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Tracing;

/// <summary>A kernel that says what it computes. One that does not is known by the name of its type alone.</summary>
internal interface INotedKernel : IKernel
{
    OperationNote Note { get; }
}
