using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Tracing;

/// <summary>Keeps what a <see cref="Trace"/> is made of while the computation runs.</summary>
internal sealed class TraceWatch(IReadOnlyList<Tensor> inputs) : IKernelWatch
{
    private readonly List<TraceStep> _steps = [];
    private readonly HashSet<Storage> _varying = new(inputs.Select(t => t.Storage), ReferenceEqualityComparer.Instance);

    public IReadOnlyList<TraceStep> Steps => _steps;

    public string? Obstacle { get; private set; }

    public void Add<TKernel>(in TKernel kernel, ReadOnlySpan<Tensor> written, ReadOnlySpan<Tensor> read)
        where TKernel : struct, IKernel
    {
        OperationNote note = kernel is INotedKernel noted ? noted.Note : new OperationNote(OperationNote.NameOf(typeof(TKernel)));
        _steps.Add(new TraceStep(note, Copies(written), Copies(read)));
        foreach (Tensor result in written)
        {
            _varying.Add(result.Storage);
        }
    }

    public void SeenByHost(string what, Tensor? tensor)
    {
        if (tensor is null || _varying.Contains(tensor.Storage))
        {
            Obstacle ??= what;
        }
    }

    private static TracedTensor[] Copies(ReadOnlySpan<Tensor> tensors)
    {
        var copies = new TracedTensor[tensors.Length];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = TracedTensor.Of(tensors[i]);
        }

        return copies;
    }
}
