using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>One round of messages in a graph: edges are computed from their ends, nodes from the edges that enter them, the whole from both.</summary>
/// <remarks>
/// Battaglia et al. 2018, arXiv:1806.01261, algorithm 1 (a full GN block; with nothing about wholes a message-passing network). Renumbered nodes and reordered edges give the same, renumbered
/// and reordered. Blocks in a row take the features of the block before.
/// </remarks>
public sealed class GraphBlock : IModule
{
    private readonly GraphBlockOptions _options;
    private readonly Mlp _edge, _node;
    private readonly Mlp? _global;

    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or nodes or edges have no features.</exception>
    public GraphBlock(GraphBlockOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Nodes);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Edges);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Globals);
        ArgumentOutOfRangeException.ThrowIfNegative(options.GlobalWidth);
        GraphBlockOptions o = _options = options;
        Mlp Network(int inputs, int outputs, string label) => new(inputs, o.Hidden, outputs, rng.Split(label), o.Activation, dtype: o.DType);
        _edge = Network(o.Edges + (2 * o.Nodes) + o.Globals, o.EdgeWidth, "edge");
        _node = Network(o.EdgeWidth + o.Nodes + o.Globals, o.NodeWidth, "node");
        _global = o.GlobalWidth == 0 ? null : Network(o.EdgeWidth + o.NodeWidth + o.Globals, o.GlobalWidth, "global");
    }

    /// <returns>New features of everything, the edges' included; those of graphs where the options ask for them.</returns>
    /// <exception cref="ShapeException">The state does not fit the topology or the options.</exception>
    /// <exception cref="ArgumentException">Features of edges or graphs are missing or not asked for.</exception>
    public GraphState Forward(GraphState state, GraphTopology topology)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(topology);
        ShapeException.ThrowUnless(state.Nodes, topology.Nodes, _options.Nodes);
        Require(state.Edges, topology.Edges, _options.Edges, "edges");
        Require(state.Globals, topology.GraphCount, _options.Globals, "graphs");

        Tensor nodes = state.Nodes;
        Tensor edges = _edge.Forward(Joined(
            state.Edges, nodes.IndexSelect(0, topology.Senders), nodes.IndexSelect(0, topology.Receivers), state.Globals?.IndexSelect(0, topology.GraphsOfEdges)));
        Tensor entering = Gathered(edges, topology.Receivers, topology.Nodes);
        nodes = _node.Forward(Joined(entering, nodes, state.Globals?.IndexSelect(0, topology.Graphs)));
        Tensor? globals = _global?.Forward(Joined(
            Gathered(edges, topology.GraphsOfEdges, topology.GraphCount), Gathered(nodes, topology.Graphs, topology.GraphCount), state.Globals));
        return new GraphState(nodes, edges, globals);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("edge", _edge);
        tree.Add("node", _node);
        if (_global is not null)
        {
            tree.Add("global", _global);
        }
    }

    private static void Require(Tensor? x, int rows, int features, string what)
    {
        if (x is null != (features == 0))
        {
            throw new ArgumentException(features == 0 ? $"The block takes no features of {what}." : $"The block needs features of {what}.", what);
        }

        if (x is not null)
        {
            ShapeException.ThrowUnless(x, rows, features);
        }
    }

    private static Tensor Joined(params Tensor?[] parts) => Tensor.Concat([.. parts.OfType<Tensor>()], axis: 1);

    private Tensor Gathered(Tensor x, Indices segments, int count)
    {
        switch (_options.Aggregation)
        {
            case GraphAggregation.Sum:
                return Tensor.SegmentSum(x, segments, count);
            case GraphAggregation.Mean:
                return Tensor.SegmentMean(x, segments, count);
            case GraphAggregation.Max:
                Tensor largest = Tensor.SegmentMax(x, segments, count);
                return Tensor.Where(Tensor.NotEqual(largest.Detach(), double.NegativeInfinity), largest, 0.0);
            default:
                throw new InvalidOperationException($"No such aggregation: {_options.Aggregation}.");
        }
    }
}
