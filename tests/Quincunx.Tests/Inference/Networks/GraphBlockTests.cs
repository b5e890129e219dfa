using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class GraphBlockTests
{
    // The graph of the table with nodes renumbered, edges in another order, and graphs too.
    private static readonly int[] Nodes = [4, 0, 5, 2, 1, 3], Edges = [5, 2, 0, 4, 1, 3], Wholes = [2, 0, 1];

    [Theory]
    [InlineData(GraphAggregation.Sum)]
    [InlineData(GraphAggregation.Mean)]
    [InlineData(GraphAggregation.Max)]
    public void Forward_OfARenumberedGraph_IsTheSameRenumbered(GraphAggregation aggregation)
    {
        var block = new GraphBlock(Options with { Aggregation = aggregation }, new Rng(1));
        Parameters.Randomise(block, new Rng(2));
        GraphTopology t = NetworkCases.Graphs;
        int[] newNode = Inverse(Nodes), newWhole = Inverse(Wholes);
        var renumbered = new GraphTopology(
            Edges.Select(e => newNode[t.Senders[e]]).ToArray(), Edges.Select(e => newNode[t.Receivers[e]]).ToArray(), Nodes.Select(n => newWhole[t.Graphs[n]]).ToArray(), 3);
        GraphState x = Draw();

        GraphState y = block.Forward(x, t);
        GraphState z = block.Forward(new GraphState(x.Nodes.IndexSelect(0, Nodes), x.Edges!.IndexSelect(0, Edges), x.Globals!.IndexSelect(0, Wholes)), renumbered);

        AssertClose(y.Nodes.IndexSelect(0, Nodes), z.Nodes);
        AssertClose(y.Edges!.IndexSelect(0, Edges), z.Edges!);
        AssertClose(y.Globals!.IndexSelect(0, Wholes), z.Globals!);
    }

    [Fact]
    public void Forward_OfOneOfSeveralGraphs_DoesNotSeeTheOthers()
    {
        var block = new GraphBlock(Options, new Rng(1));
        GraphState x = Draw(), all = block.Forward(x, NetworkCases.Graphs);
        var pair = GraphTopology.Of(new[] { 0, 1 }, new[] { 1, 0 }, nodes: 2);

        GraphState alone = block.Forward(new GraphState(x.Nodes.Slice(0, 3, 2), x.Edges!.Slice(0, 4, 2), x.Globals!.Slice(0, 1, 1)), pair);

        AssertClose(all.Nodes.Slice(0, 3, 2), alone.Nodes);
        AssertClose(all.Globals!.Slice(0, 1, 1), alone.Globals!);
    }

    [Fact]
    public void Forward_OfOneEdge_IsTheWrittenFormula()
    {
        var options = new GraphBlockOptions { Nodes = 1, NodeWidth = 1, EdgeWidth = 1, Hidden = [], DType = DType.Float64 };
        var block = new GraphBlock(options, new Rng(1));
        Parameters.Randomise(block, new Rng(2));
        double[] w = [.. ParameterTree.Of(block).Entries.SelectMany(e => e.Value.Value.ToArray())];

        GraphState y = block.Forward(new GraphState(Tensor.From([0.3, -0.7], new Shape(2, 1))), GraphTopology.Of(new[] { 0 }, new[] { 1 }, nodes: 2));

        // Edge: weights on sender and receiver, bias; node: weights on what enters and on itself, bias.
        double edge = (w[0] * 0.3) + (w[1] * -0.7) + w[2];
        Assert.Equal([edge], y.Edges!.ToArray(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([(w[4] * 0.3) + w[5], (w[3] * edge) + (w[4] * -0.7) + w[5]], y.Nodes.ToArray(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Null(y.Globals);
    }

    [Fact]
    public void Constructor_OfWrongGraphs_Throws()
    {
        Assert.Throws<ArgumentException>(() => new GraphTopology(new[] { 0 }, new[] { 1 }, new[] { 0, 1 }, 2));
        Assert.Throws<ArgumentException>(() => GraphTopology.Of(new[] { 0 }, new[] { 2 }, nodes: 2));
        Assert.Throws<ShapeException>(() => GraphTopology.Of(new[] { 0 }, new[] { 0, 1 }, nodes: 2));
        Assert.Throws<ArgumentException>(() => new GraphBlock(Options, new Rng(1)).Forward(new GraphState(Draw().Nodes), NetworkCases.Graphs));
    }

    private static GraphBlockOptions Options => new() { Nodes = 2, Edges = 1, Globals = 2, GlobalWidth = 3, NodeWidth = 4, EdgeWidth = 4, Hidden = [8], DType = DType.Float64 };

    private static GraphState Draw()
    {
        Tensor Normal(int seed, int rows, int columns) => Tensor.Normal(0, 1, new Rng(7).Split(seed), new Shape(rows, columns), DType.Float64);
        return new GraphState(Normal(1, 6, 2), Normal(2, 6, 1), Normal(3, 3, 2));
    }

    private static int[] Inverse(int[] order) => [.. Enumerable.Range(0, order.Length).Select(i => Array.IndexOf(order, i))];

    private static void AssertClose(Tensor expected, Tensor actual) => Assert.Equal(expected.ToArray(), actual.ToArray(), (a, b) => Math.Abs(a - b) < 1e-10);
}
