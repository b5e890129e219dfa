using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Replays;

/// <summary>One recorded kernel.</summary>
internal abstract class ReplayStep(Storage[] written, Storage[] read)
{
    public IReadOnlyList<Storage> Written { get; } = written;

    public IReadOnlyList<Storage> Read { get; } = read;

    public static ReplayStep Of<TKernel>(in TKernel kernel, ReadOnlySpan<Tensor> written, ReadOnlySpan<Tensor> read)
        where TKernel : struct, IKernel
    {
        Storage[] to = StoragesOf(written), from = StoragesOf(read);
        return written[0].DType == DType.Float32 ? new Single<TKernel>(kernel, to, from) : new Double<TKernel>(kernel, to, from);
    }

    /// <summary>The kernel's type, for whoever asks where the time goes.</summary>
    public abstract Type Kernel { get; }

    public abstract void Run();

    private static Storage[] StoragesOf(ReadOnlySpan<Tensor> tensors)
    {
        var storages = new Storage[tensors.Length];
        for (int i = 0; i < storages.Length; i++)
        {
            storages[i] = tensors[i].Storage;
        }

        return storages;
    }

    private sealed class Single<TKernel>(TKernel kernel, Storage[] written, Storage[] read) : ReplayStep(written, read)
        where TKernel : struct, IKernel
    {
        public override Type Kernel => typeof(TKernel);

        public override void Run() => kernel.Run<float>();
    }

    private sealed class Double<TKernel>(TKernel kernel, Storage[] written, Storage[] read) : ReplayStep(written, read)
        where TKernel : struct, IKernel
    {
        public override Type Kernel => typeof(TKernel);

        public override void Run() => kernel.Run<double>();
    }
}
