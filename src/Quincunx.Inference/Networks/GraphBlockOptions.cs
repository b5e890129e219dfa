using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="GraphBlock"/>: what goes in, and what comes out.</summary>
public sealed record GraphBlockOptions
{
    /// <summary>Features of a node that come in.</summary>
    public required int Nodes { get; init; }

    /// <summary>Features of an edge that come in; 0 for none.</summary>
    public int Edges { get; init; }

    /// <summary>Features of a graph that come in; 0 for none.</summary>
    public int Globals { get; init; }

    /// <summary>Features of a node that come out.</summary>
    public int NodeWidth { get; init; } = 64;

    /// <summary>Features of an edge that come out.</summary>
    public int EdgeWidth { get; init; } = 64;

    /// <summary>Features of a graph that come out; 0 for none.</summary>
    public int GlobalWidth { get; init; }

    /// <summary>Hidden widths of each of the networks.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    public GraphAggregation Aggregation { get; init; }

    public Activation Activation { get; init; } = Activation.Relu;

    public DType DType { get; init; } = DType.Float32;
}
