using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Replays;

/// <summary>Sees the kernels that a thread runs, in place of a recording for replay.</summary>
internal interface IKernelWatch
{
    void Add<TKernel>(in TKernel kernel, ReadOnlySpan<Tensor> written, ReadOnlySpan<Tensor> read)
        where TKernel : struct, IKernel;

    /// <param name="what">What was done outside a kernel.</param>
    /// <param name="tensor">To which tensor, or null where that is not known.</param>
    void SeenByHost(string what, Tensor? tensor);
}
