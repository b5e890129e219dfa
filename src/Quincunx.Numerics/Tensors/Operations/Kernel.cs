using Quincunx.Numerics.Replays;

namespace Quincunx.Numerics.Tensors;

/// <summary>Runs kernels, and shows them to the replay that is being recorded, if there is one.</summary>
internal static class Kernel
{
    /// <summary>Fills a tensor that depends on nothing.</summary>
    public static Tensor Run<TKernel>(in TKernel kernel, Tensor y)
        where TKernel : struct, IKernel => Run(kernel, y, default(ReadOnlySpan<Tensor>));

    public static Tensor Run<TKernel>(in TKernel kernel, Tensor y, Tensor x)
        where TKernel : struct, IKernel => Run(kernel, y, new ReadOnlySpan<Tensor>(in x));

    public static Tensor Run<TKernel>(in TKernel kernel, Tensor y, Tensor a, Tensor b)
        where TKernel : struct, IKernel
    {
        Execute(kernel, y.DType);
        ReplayRecorder.Current?.Add(kernel, new ReadOnlySpan<Tensor>(in y), [a, b]);
        return y;
    }

    /// <param name="kernel">Reads nothing but the inputs, its own numbers, and what it has itself written.</param>
    /// <param name="y">The result, which <paramref name="kernel"/> writes.</param>
    /// <returns><paramref name="y"/>.</returns>
    public static Tensor Run<TKernel>(in TKernel kernel, Tensor y, ReadOnlySpan<Tensor> inputs)
        where TKernel : struct, IKernel
    {
        Run(kernel, new ReadOnlySpan<Tensor>(in y), inputs);
        return y;
    }

    /// <summary>Runs a kernel with several results.</summary>
    public static void Run<TKernel>(in TKernel kernel, ReadOnlySpan<Tensor> results, ReadOnlySpan<Tensor> inputs)
        where TKernel : struct, IKernel
    {
        Execute(kernel, results[0].DType);
        ReplayRecorder.Current?.Add(kernel, results, inputs);
    }

    private static void Execute<TKernel>(in TKernel kernel, DType dtype)
        where TKernel : struct, IKernel
    {
        if (dtype == DType.Float32)
        {
            kernel.Run<float>();
        }
        else
        {
            kernel.Run<double>();
        }
    }
}
