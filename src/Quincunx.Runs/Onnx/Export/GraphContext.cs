using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Onnx.Export;

/// <summary>What a translation works with: the values of an operation's operands by name, and nodes to add.</summary>
internal sealed class GraphContext
{
    private readonly Dictionary<Extent, string> _lengths = [];
    private readonly string? _batchOf;
    private readonly int _batchAxis;

    /// <param name="batchOf">Name of an input that has the batch as an axis; null where all lengths are fixed.</param>
    public GraphContext(NodeWriter nodes, string? batchOf, int batchAxis)
    {
        (Nodes, _batchOf, _batchAxis) = (nodes, batchOf, batchAxis);
        Memory = new GraphMemory(this);
    }

    public NodeWriter Nodes { get; }

    public GraphMemory Memory { get; }

    public string Read(GraphTensor tensor) => Memory.Read(tensor);

    public string Node(string op, params ReadOnlySpan<string> inputs) => Nodes.Node(op, inputs);

    public string Node(string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> settings) => Nodes.Node(op, inputs, settings);

    public string Number(double value, DType dtype) => Nodes.Number(value, dtype);

    /// <summary>The same values in another shape.</summary>
    public string Reshape(string value, IReadOnlyList<Extent> from, IReadOnlyList<Extent> to)
    {
        if (from.SequenceEqual(to))
        {
            return value;
        }

        // Without this setting a length of 0 would stand for that of the old shape.
        return to.Contains(Extent.Zero)
            ? Nodes.Node("Reshape", [value, ShapeVector(to)], ("allowzero", 1))
            : Node("Reshape", value, ShapeFor(to));
    }

    /// <summary>Positions of one axis.</summary>
    public string Slice(string value, int axis, long start, long end, long step = 1) =>
        Node("Slice", value, Nodes.Ints(start), Nodes.Ints(end), Nodes.Ints(axis), Nodes.Ints(step));

    public string Transpose(string value, params ReadOnlySpan<int> order) =>
        Nodes.Node("Transpose", [value], ("perm", Array.ConvertAll(order.ToArray(), i => (long)i)));

    /// <summary>The value repeated to a shape.</summary>
    public string Expand(string value, IReadOnlyList<Extent> shape) => Node("Expand", value, ShapeVector(shape));

    /// <summary>Truth values as 1 and 0 of an element type.</summary>
    public string FromTruth(string truth, DType dtype) => Cast(truth, dtype);

    public string Cast(string value, DType dtype) =>
        Nodes.Node("Cast", [value], ("to", dtype == DType.Float32 ? (int)Format.TensorData.Types.ElementType.Float : (int)Format.TensorData.Types.ElementType.Double));

    /// <summary>Where a number that stands for truth holds: it is not 0, or is NaN.</summary>
    public string Truth(string value, DType dtype) => Node("Not", Node("Equal", value, Number(0, dtype)));

    /// <summary>A vector with the lengths, for operators that want a whole shape.</summary>
    public string ShapeVector(IReadOnlyList<Extent> shape)
    {
        if (shape.All(n => n.IsFixed))
        {
            return Nodes.Ints([.. shape.Select(n => n.Short)]);
        }

        // Runs of fixed lengths between those that depend on the batch.
        List<string> parts = [];
        List<long> run = [];
        foreach (Extent length in shape)
        {
            if (length.IsFixed)
            {
                run.Add(length.Short);
                continue;
            }

            if (run.Count > 0)
            {
                parts.Add(Nodes.Ints([.. run]));
                run.Clear();
            }

            parts.Add(Length(length));
        }

        if (run.Count > 0)
        {
            parts.Add(Nodes.Ints([.. run]));
        }

        return parts.Count == 1 ? parts[0] : Nodes.Node("Concat", [.. parts], ("axis", 0));
    }

    /// <summary>A length as a vector of one whole number.</summary>
    public string Length(Extent length)
    {
        if (length.IsFixed)
        {
            return Nodes.Ints(length.Short);
        }

        if (_lengths.TryGetValue(length, out string? known))
        {
            return known;
        }

        (long slope, long offset) = LineOf(length);
        var batch = new Extent(GraphTrace.ShortBatch, GraphTrace.LongBatch);
        if (!_lengths.TryGetValue(batch, out string? value))
        {
            _lengths.Add(batch, value = Node("Gather", Node("Shape", _batchOf!), Nodes.Ints(_batchAxis)));
        }

        value = slope == 1 ? value : Node("Mul", value, Nodes.Ints(slope));
        value = offset == 0 ? value : Node("Add", value, Nodes.Ints(offset));
        _lengths[length] = value;
        return value;
    }

    /// <summary>How a length grows: so much for each example, and so much besides.</summary>
    /// <exception cref="OnnxException">Not so.</exception>
    public static (long Slope, long Offset) LineOf(Extent length)
    {
        const long Steps = GraphTrace.LongBatch - GraphTrace.ShortBatch;
        long rise = length.Long - length.Short;
        return rise % Steps == 0
            ? (rise / Steps, length.Short - (rise / Steps * GraphTrace.ShortBatch))
            : throw new OnnxException($"A length is {length} for batches of {GraphTrace.ShortBatch} or {GraphTrace.LongBatch}, which is on no line.");
    }

    // One length of a reshape may be left open, which needs no computation.
    private string ShapeFor(IReadOnlyList<Extent> shape) => shape.Count(n => !n.IsFixed) == 1
        ? Nodes.Ints([.. shape.Select(n => n.IsFixed ? n.Short : -1)])
        : ShapeVector(shape);
}
