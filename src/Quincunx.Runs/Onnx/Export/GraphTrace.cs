using Quincunx.Numerics.Tensors;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Runs.Onnx.Export;

/// <summary>A computation as the list of its operations, with lengths that may depend on the batch.</summary>
/// <remarks>
/// It is evaluated for two batches of different lengths and different numbers. Operations, settings and constants must agree; a length that differs grows with
/// the batch, in proportion or with a fixed part. What depends on the numbers themselves in other ways than through recorded operations is refused.
/// </remarks>
internal sealed class GraphTrace
{
    /// <summary>Lengths of the two batches: above 1, where broadcasting would hide them, and small.</summary>
    public const int ShortBatch = 3, LongBatch = 5;

    private readonly Dictionary<(Storage, Storage), int> _memories = [];
    private readonly HashSet<int> _varying = [];

    private GraphTrace((Trace Trace, Tensor[] Inputs) a, (Trace Trace, Tensor[] Inputs) b)
    {
        Inputs = [.. a.Inputs.Zip(b.Inputs, (x, y) => Join(TracedTensor.Of(x), TracedTensor.Of(y), "inputs"))];
        _varying.UnionWith(Inputs.Select(t => t.Memory));
        List<GraphStep> steps = [];
        int common = Math.Min(a.Trace.Steps.Count, b.Trace.Steps.Count);
        for (int i = 0; i < common; i++)
        {
            steps.Add(Join(a.Trace.Steps[i], b.Trace.Steps[i], i));
        }

        if (a.Trace.Steps.Count != b.Trace.Steps.Count)
        {
            throw new OnnxException(
                $"The computation has {a.Trace.Steps.Count} operations for a batch of {ShortBatch} and {b.Trace.Steps.Count} for one of {LongBatch}: a graph needs the same for all.");
        }

        Steps = steps;
        Outputs = [.. a.Trace.Outputs.Zip(b.Trace.Outputs, (x, y) => Join(x, y, "outputs"))];
    }

    public IReadOnlyList<GraphTensor> Inputs { get; }

    public IReadOnlyList<GraphStep> Steps { get; }

    public IReadOnlyList<GraphTensor> Outputs { get; }

    /// <summary>Number of the memory of a tensor that existed before, such as a parameter; null where no operation reads it.</summary>
    public int? MemoryOf(Tensor tensor) => _memories.TryGetValue((tensor.Storage, tensor.Storage), out int memory) ? memory : null;

    /// <param name="inputs">Makes the inputs for a batch of some length: other numbers for another length.</param>
    /// <param name="forward">The computation.</param>
    /// <exception cref="OnnxException">It is not the same list of operations for every batch.</exception>
    public static GraphTrace Record(Func<int, Tensor[]> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward) =>
        new(Evaluate(ShortBatch, inputs, forward), Evaluate(LongBatch, inputs, forward));

    private static (Trace, Tensor[]) Evaluate(
        int batch, Func<int, Tensor[]> make, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward)
    {
        Tensor[] inputs = make(batch);
        Trace? trace = Trace.Record(inputs, () => forward(inputs), out string? obstacle);
        return trace is null
            ? throw new OnnxException($"The computation cannot be written as a graph: on its way {obstacle}, which would be frozen.")
            : (trace, inputs);
    }

    private GraphStep Join(TraceStep a, TraceStep b, int index)
    {
        string where = $"operation {index + 1}, {a.Note.Name},";
        if (a.Note.FirstDifference(b.Note) is { } setting)
        {
            throw new OnnxException(setting.Length == 0
                ? $"{where} of a batch of {ShortBatch} is {b.Note.Name} for one of {LongBatch}: a graph needs the same for all."
                : $"{where} has another '{setting}' for another batch: a graph needs one for all.");
        }

        GraphTensor[] inputs = [.. a.Inputs.Zip(b.Inputs, (x, y) => Join(x, y, where))];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (i != a.Note.PartlyRead && !_varying.Contains(inputs[i].Memory) && !SameBits(a.Inputs[i].Values, b.Inputs[i].Values))
            {
                throw new OnnxException($"{where} reads a constant that is another for another batch: a graph needs one for all.");
            }
        }

        GraphTensor[] results = [.. a.Results.Zip(b.Results, (x, y) => Join(x, y, where))];
        _varying.UnionWith(results.Select(t => t.Memory));
        return new GraphStep(a.Note, results, inputs);
    }

    private GraphTensor Join(TracedTensor a, TracedTensor b, string where)
    {
        if (a.Shape.Rank != b.Shape.Rank || a.DType != b.DType)
        {
            throw new OnnxException($"{where} has shape {a.Shape} for a batch of {ShortBatch} and {b.Shape} for one of {LongBatch}: the rank must not depend on it.");
        }

        if (!_memories.TryGetValue((a.Storage, b.Storage), out int memory))
        {
            _memories.Add((a.Storage, b.Storage), memory = _memories.Count);
        }

        var shape = new Extent[a.Shape.Rank];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = new Extent(a.Shape[axis], b.Shape[axis]);
        }

        return new GraphTensor(memory, new Extent(a.Start, b.Start), shape, a.DType, a.Values);
    }

    private static bool SameBits(Tensor a, Tensor b) => a.Shape == b.Shape && a.DType == b.DType && a.Bytes.SequenceEqual(b.Bytes);
}
