using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Directed edges between the nodes of some graphs, which are numbered through: a batch of graphs is one graph in parts.</summary>
public sealed class GraphTopology
{
    /// <param name="senders">Shape <c>[edges]</c>: the node that each edge leaves.</param>
    /// <param name="receivers">Shape <c>[edges]</c>: the node that it enters, of the same graph.</param>
    /// <param name="graphs">Shape <c>[nodes]</c>: the graph of each node.</param>
    /// <param name="graphCount">Number of graphs, those without nodes included.</param>
    /// <exception cref="ShapeException">There are not as many receivers as senders.</exception>
    /// <exception cref="ArgumentException">There is no such node or graph, or an edge leads from one graph to another.</exception>
    public GraphTopology(Indices senders, Indices receivers, Indices graphs, int graphCount)
    {
        ArgumentNullException.ThrowIfNull(senders);
        ArgumentNullException.ThrowIfNull(receivers);
        ArgumentNullException.ThrowIfNull(graphs);
        if (senders.Shape.Rank != 1 || senders.Shape != receivers.Shape || graphs.Shape.Rank != 1)
        {
            throw new ShapeException($"Expected senders [edges], receivers [edges] and graphs [nodes], got {senders.Shape}, {receivers.Shape} and {graphs.Shape}.");
        }

        RequireBelow(senders, graphs.Count, "nodes", nameof(senders));
        RequireBelow(receivers, graphs.Count, "nodes", nameof(receivers));
        RequireBelow(graphs, graphCount, "graphs", nameof(graphs));
        int[] ofEdges = new int[senders.Count];
        for (int edge = 0; edge < ofEdges.Length; edge++)
        {
            ofEdges[edge] = graphs[receivers[edge]];
            if (graphs[senders[edge]] != ofEdges[edge])
            {
                throw new ArgumentException($"Edge {edge} leads from graph {graphs[senders[edge]]} to graph {ofEdges[edge]}.", nameof(senders));
            }
        }

        (Senders, Receivers, Graphs, GraphsOfEdges, GraphCount) = (senders, receivers, graphs, ofEdges, graphCount);
    }

    public Indices Senders { get; }

    public Indices Receivers { get; }

    /// <summary>The graph of each node.</summary>
    public Indices Graphs { get; }

    public int GraphCount { get; }

    public int Nodes => Graphs.Count;

    public int Edges => Senders.Count;

    /// <summary>The graph of each edge.</summary>
    internal Indices GraphsOfEdges { get; }

    /// <summary>One graph.</summary>
    public static GraphTopology Of(Indices senders, Indices receivers, int nodes) => new(senders, receivers, new int[nodes], 1);

    private static void RequireBelow(Indices indices, int length, string what, string name)
    {
        foreach (int index in indices.AsSpan())
        {
            if ((uint)index >= (uint)length)
            {
                throw new ArgumentException($"Expected numbers of {length} {what}, got {index}.", name);
            }
        }
    }
}
