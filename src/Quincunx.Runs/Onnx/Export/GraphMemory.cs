namespace Quincunx.Runs.Onnx.Export;

/// <summary>Which value of the graph lies where in the memory of a traced computation.</summary>
/// <remarks>Tensors that share memory are views: a reshape, or a part along the first axis. They become nodes where they are read.</remarks>
internal sealed class GraphMemory(GraphContext graph)
{
    private readonly Dictionary<int, List<Piece>> _pieces = [];
    private readonly Dictionary<int, List<Part>> _joined = [];

    /// <summary>A value that exists: an input, a weight, or a result.</summary>
    public void Write(GraphTensor tensor, string name)
    {
        List<Piece> pieces = PiecesOf(tensor.Memory);
        pieces.RemoveAll(p => p.Start.Reaches(tensor.Start) && (tensor.Start + tensor.Count).Reaches(p.End));
        if (pieces.Exists(p => p.Overlaps(tensor.Start, tensor.Start + tensor.Count)))
        {
            throw new OnnxException("A result is written over a part of an earlier one.");
        }

        pieces.Add(new Piece(tensor.Start, [.. tensor.Shape], name));
    }

    /// <summary>One of several tensors that are put side by side along an axis: complete when all are there.</summary>
    public void Join(GraphTensor whole, GraphTensor part, int axis, string name)
    {
        if (!_joined.TryGetValue(whole.Memory, out List<Part>? parts))
        {
            _joined.Add(whole.Memory, parts = []);
        }

        parts.Add(new Part(name, part.Shape[axis]));
        if (parts.Aggregate(Extent.Zero, (sum, p) => sum + p.Length) == whole.Shape[axis])
        {
            _joined.Remove(whole.Memory);
            Write(whole, graph.Nodes.Node("Concat", [.. parts.Select(p => p.Name)], ("axis", axis)));
        }
    }

    /// <summary>Whether all of a tensor has been written.</summary>
    public bool IsWritten(GraphTensor tensor) => Within(tensor) is not null;

    /// <summary>The name of a tensor's values, after the nodes that cut or reshape them.</summary>
    /// <exception cref="OnnxException">Nobody wrote them.</exception>
    public string Read(GraphTensor tensor)
    {
        if (_joined.ContainsKey(tensor.Memory))
        {
            throw new OnnxException("A part of a tensor is read before the rest of it is written.");
        }

        if (Within(tensor) is { } piece)
        {
            string name = Cut(piece, tensor.Start, tensor.Shape);
            if (!ReferenceEquals(name, piece.Name))
            {
                PiecesOf(tensor.Memory).Add(new Piece(tensor.Start, [.. tensor.Shape], name));
            }

            return name;
        }

        return Assemble(tensor);
    }

    // The smallest that holds it all, so that a part that was cut before is found again.
    private Piece? Within(GraphTensor tensor)
    {
        Extent end = tensor.Start + tensor.Count;
        return PiecesOf(tensor.Memory)
            .Where(p => tensor.Start.Reaches(p.Start) && p.End.Reaches(end))
            .OrderBy(p => p.Count.Long).ThenBy(p => tensor.HasShape(p.Shape) ? 0 : 1)
            .FirstOrDefault();
    }

    private string Cut(Piece piece, Extent start, IReadOnlyList<Extent> shape)
    {
        Extent count = Extent.Product(shape), offset = start - piece.Start;
        if (count == piece.Count)
        {
            return graph.Reshape(piece.Name, piece.Shape, shape);
        }

        // The fewest leading axes, taken as one, along which the part is a range.
        for (int axes = 1; axes <= piece.Shape.Length; axes++)
        {
            Extent rows = Extent.Product(piece.Shape.Take(axes)), inner = Extent.Product(piece.Shape.Skip(axes));
            if (offset.DividedBy(inner) is { IsFixed: true } from && count.DividedBy(inner) is { IsFixed: true } taken)
            {
                Extent[] rest = [.. piece.Shape.Skip(axes)];
                string flat = graph.Reshape(piece.Name, piece.Shape, [rows, .. rest]);
                return graph.Reshape(graph.Slice(flat, 0, from.Short, from.Short + taken.Short), [taken, .. rest], shape);
            }
        }

        throw new OnnxException("A part of a tensor is no range along its leading axes for every batch.");
    }

    // From several results that lie one after the other.
    private string Assemble(GraphTensor tensor)
    {
        Extent at = tensor.Start, end = tensor.Start + tensor.Count;
        Extent[] rest = [.. tensor.Shape.Skip(1)];
        Extent inner = Extent.Product(rest);
        List<string> names = [];
        while (at != end)
        {
            Piece? next = PiecesOf(tensor.Memory).Where(p => p.Start == at && end.Reaches(p.End)).MaxBy(p => p.Count.Long);
            if (next is null || next.Count == Extent.Zero || next.Count.DividedBy(inner) is not { } rows)
            {
                throw new OnnxException($"A tensor of {tensor.DType} [{string.Join(", ", tensor.Shape)}] is read that no operation wrote as a whole.");
            }

            names.Add(graph.Reshape(next.Name, next.Shape, [rows, .. rest]));
            at = next.End;
        }

        return graph.Nodes.Node("Concat", [.. names], ("axis", 0));
    }

    private List<Piece> PiecesOf(int memory)
    {
        if (!_pieces.TryGetValue(memory, out List<Piece>? pieces))
        {
            _pieces.Add(memory, pieces = []);
        }

        return pieces;
    }

    private sealed record Part(string Name, Extent Length);

    private sealed record Piece(Extent Start, Extent[] Shape, string Name)
    {
        public Extent Count { get; } = Extent.Product(Shape);

        public Extent End => Start + Count;

        public bool Overlaps(Extent from, Extent to) => (Start.Short < to.Short && from.Short < End.Short) || (Start.Long < to.Long && from.Long < End.Long);
    }
}
