using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class EquivariantGraphLayerTests
{
    private const int Points = 5, Features = 3;

    private static readonly EquivariantGraphOptions Plain = new() { Features = Features, Hidden = 7, DType = DType.Float64 };

    private static readonly EquivariantGraphOptions Full = Plain with { EdgeFeatures = 2, Velocities = true, Gates = true };

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    public void Forward_OfTurnedMirroredAndShiftedPoints_IsTurnedMirroredAndShifted(int dimension, bool full)
    {
        Func<PointGraph, PointGraph> network = Network(full ? Full : Plain);
        PointGraph graph = Graph(dimension, full ? Full : Plain);
        PointGraph there = network(graph);
        Assert.True(Largest(there.Positions - graph.Positions) > 0.1);
        for (int i = 0; i < 4; i++)
        {
            // Half of these mirror.
            Tensor q = Initialiser.Orthogonal.Draw(dimension, dimension, new Rng(10).Split(i), DType.Float64);
            Tensor shift = Tensor.Uniform(-5, 5, new Rng(11).Split(i), new Shape(dimension), DType.Float64);
            Tensor Turn(Tensor x) => Tensor.MatMul(x, q, transposeB: true);
            PointGraph moved = network(graph with { Positions = Turn(graph.Positions) + shift, Velocities = graph.Velocities is null ? null : Turn(graph.Velocities) });

            AssertClose(Turn(there.Positions) + shift, moved.Positions);
            AssertClose(there.Features, moved.Features);
            if (full)
            {
                AssertClose(Turn(there.Velocities!), moved.Velocities!);
            }
        }
    }

    [Fact]
    public void Forward_OfPermutedPointsAndEdges_IsPermuted()
    {
        Func<PointGraph, PointGraph> network = Network(Full);
        PointGraph graph = Graph(3, Full), there = network(graph);
        int[] order = new Rng(12).Permutation(Points), edges = new Rng(13).Permutation(graph.Senders.Count), place = new int[Points];
        for (int i = 0; i < Points; i++)
        {
            place[order[i]] = i;
        }

        Indices Relabelled(Indices ends) => edges.Select(e => place[ends[e]]).ToArray();
        PointGraph moved = network(new PointGraph(
            graph.Positions.IndexSelect(0, order), graph.Features.IndexSelect(0, order), Relabelled(graph.Senders), Relabelled(graph.Receivers))
        {
            EdgeFeatures = graph.EdgeFeatures!.IndexSelect(0, edges),
            Velocities = graph.Velocities!.IndexSelect(0, order),
        });

        AssertClose(there.Positions.IndexSelect(0, order), moved.Positions);
        AssertClose(there.Features.IndexSelect(0, order), moved.Features);
        AssertClose(there.Velocities!.IndexSelect(0, order), moved.Velocities!);
    }

    [Fact]
    public void Forward_OfOneLayer_IsThePaper()
    {
        // Equations 3 to 9 edge by edge, with φₑ's first matrix put together again.
        var layer = new EquivariantGraphLayer(Full, new Rng(1));
        Parameters.Randomise(layer, new Rng(2));
        PointGraph graph = Graph(2, Full);
        Dictionary<string, Tensor> w = ParameterTree.Of(layer).Entries.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal);
        Tensor Map(string name, Tensor x) => Tensor.MatMul(x, w[$"{name}.weight"], transposeB: true) + w[$"{name}.bias"];
        Tensor Two(string name, Tensor x) => Map($"{name}.layers.1", Tensor.Silu(Map($"{name}.layers.0", x)));
        Tensor first = Tensor.Concat([w["receiving"], w["sending"], w["pair.weight"]], axis: 1);
        PointGraph there = layer.Forward(graph);
        for (int i = 0; i < Points; i++)
        {
            Tensor h = graph.Features.Slice(0, i, 1), push = Tensor.Zeros(new Shape(1, 2), DType.Float64), sum = Tensor.Zeros(new Shape(1, 7), DType.Float64);
            int[] entering = [.. Enumerable.Range(0, graph.Receivers.Count).Where(e => graph.Receivers[e] == i)];
            foreach (int e in entering)
            {
                Tensor away = graph.Positions.Slice(0, i, 1) - graph.Positions.Slice(0, graph.Senders[e], 1);
                Tensor inputs = Tensor.Concat([h, graph.Features.Slice(0, graph.Senders[e], 1), (away * away).Sum(1, keepAxes: true), graph.EdgeFeatures!.Slice(0, e, 1)], axis: 1);
                Tensor message = Tensor.Silu(Map("message", Tensor.Silu(Tensor.MatMul(inputs, first, transposeB: true) + w["pair.bias"])));
                message *= Tensor.Sigmoid(Map("gate", message));
                (push, sum) = (push + (away * Two("push", message)), sum + message);
            }

            Tensor velocity = (Two("inertia", h) * graph.Velocities!.Slice(0, i, 1)) + (push / Math.Max(1, entering.Length));
            AssertClose(velocity, there.Velocities!.Slice(0, i, 1));
            AssertClose(graph.Positions.Slice(0, i, 1) + velocity, there.Positions.Slice(0, i, 1));
            AssertClose(h + Two("update", Tensor.Concat([h, sum], axis: 1)), there.Features.Slice(0, i, 1));
        }
    }

    [Fact]
    public void Forward_OfSeveralGraphsInOne_IsThatOfEach()
    {
        Func<PointGraph, PointGraph> network = Network(Plain);
        (Indices senders, Indices receivers) = PointGraph.AllPairs(Points);
        (Indices Senders, Indices Receivers) both = PointGraph.AllPairs(Points, graphs: 2);
        Tensor x = Tensor.Uniform(-1, 1, new Rng(3), new Shape(2 * Points, 3), DType.Float64), h = Tensor.Uniform(-1, 1, new Rng(4), new Shape(2 * Points, Features), DType.Float64);
        PointGraph one = network(new PointGraph(x, h, both.Senders, both.Receivers));
        for (int i = 0; i < 2; i++)
        {
            PointGraph own = network(new PointGraph(x.Slice(0, i * Points, Points), h.Slice(0, i * Points, Points), senders, receivers));
            AssertClose(own.Positions, one.Positions.Slice(0, i * Points, Points));
            AssertClose(own.Features, one.Features.Slice(0, i * Points, Points));
        }

        Assert.Equal([1, 2, 0, 2, 0, 1], PointGraph.AllPairs(3).Senders.AsSpan().ToArray());
        Assert.Equal([0, 0, 1, 1, 2, 2], PointGraph.AllPairs(3).Receivers.AsSpan().ToArray());
        Assert.Equal(0, PointGraph.AllPairs(1, graphs: 4).Senders.Count);
    }

    [Fact]
    public void Forward_HasTheGradientsOfCentralDifferences()
    {
        var layer = new EquivariantGraphLayer(Full, new Rng(5));
        Parameters.Randomise(layer, new Rng(6));
        PointGraph graph = Graph(2, Full);
        Parameters.AssertGradients(layer, () => Joined(layer.Forward(graph)));

        GradientCheck.Outcome outcome = GradientCheck.Run(
            t => Joined(layer.Forward(graph with { Positions = t[0], Features = t[1], EdgeFeatures = t[2], Velocities = t[3] })),
            [graph.Positions, graph.Features, graph.EdgeFeatures!, graph.Velocities!], new Rng(7));
        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{outcome}");
    }

    [Fact]
    public void Forward_OfANewLayer_LeavesPointsOrLetsThemDriftAlongTheirVelocities()
    {
        PointGraph graph = Graph(3, Plain), moving = Graph(3, Full);
        AssertClose(graph.Positions, new EquivariantGraphLayer(Plain, new Rng(8)).Forward(graph).Positions, 0);
        PointGraph there = new EquivariantGraphLayer(Full, new Rng(8)).Forward(moving);
        Tensor share = there.Velocities! / moving.Velocities!;
        AssertClose(share.Slice(1, 0, 1).BroadcastTo(share.Shape), share);
    }

    [Fact]
    public void Forward_WithItsGradient_CanBeReplayedAndStored()
    {
        var layer = new EquivariantGraphLayer(Full, new Rng(9));
        Parameters.Randomise(layer, new Rng(10));
        PointGraph graph = Graph(3, Full);
        var positions = new Parameter(graph.Positions, isTrained: false);
        Tensor[] weights = [.. ParameterTree.Of(layer).Trained.Select(p => p.Value)];
        Replay? replay = Replay.Record(Compute, out string? obstacle);
        Assert.True(replay is not null, obstacle);
        positions.Assign(graph.Positions * 0.7);
        Parameters.Randomise(layer, new Rng(11));
        replay.Run();
        Assert.All(Compute().Zip(replay.Outputs), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));

        var other = new EquivariantGraphLayer(Full, new Rng(99));
        ModuleState.Import(other, ModuleState.Export(layer));
        Assert.Equal(Joined(layer.Forward(graph)).ToArray(), Joined(other.Forward(graph)).ToArray());

        IReadOnlyList<Tensor> Compute()
        {
            Tensor y = Joined(layer.Forward(graph with { Positions = positions.Value }));
            return [y, .. Gradient.Of(Tensor.Square(y).Sum(), weights)];
        }
    }

    [Fact]
    public void Forward_OfGraphsThatDoNotFit_SaysWhatIsWrong()
    {
        var layer = new EquivariantGraphLayer(Plain, new Rng(1));
        PointGraph graph = Graph(3, Plain), full = Graph(3, Full);
        Assert.Throws<ShapeException>(() => layer.Forward(graph with { Features = Tensor.Zeros(new Shape(Points, 9), DType.Float64) }));
        Assert.Throws<ShapeException>(() => layer.Forward(graph with { Senders = new[] { 1 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Forward(graph with { Senders = new[] { Points }, Receivers = new[] { 0 } }));
        Assert.Contains("takes no edge features", Assert.Throws<ArgumentException>(() => layer.Forward(full)).Message, StringComparison.Ordinal);
        var moving = new EquivariantGraphLayer(Plain with { Velocities = true }, new Rng(1));
        Assert.Contains("needs velocities", Assert.Throws<ArgumentException>(() => moving.Forward(graph)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EquivariantGraphLayer(Plain with { Hidden = 0 }, new Rng(1)));
    }

    private static Func<PointGraph, PointGraph> Network(EquivariantGraphOptions options)
    {
        EquivariantGraphLayer[] layers = [new(options, new Rng(20)), new(options, new Rng(21))];
        foreach (EquivariantGraphLayer layer in layers)
        {
            Parameters.Randomise(layer, new Rng(22));
        }

        return graph => layers[1].Forward(layers[0].Forward(graph));
    }

    // All pairs but some: point 0 hears nobody, and point 1 hears point 2 twice.
    private static PointGraph Graph(int dimension, EquivariantGraphOptions options)
    {
        (Indices senders, Indices receivers) = PointGraph.AllPairs(Points);
        int[] kept = [.. Enumerable.Range(0, senders.Count).Where(e => receivers[e] != 0), 5];
        Tensor Draw(string name, int rows, int columns) => Tensor.Uniform(-1, 1, new Rng(30).Split(name), new Shape(rows, columns), DType.Float64);
        return new PointGraph(
            Draw("positions", Points, dimension), Draw("features", Points, Features), kept.Select(e => senders[e]).ToArray(), kept.Select(e => receivers[e]).ToArray())
        {
            EdgeFeatures = options.EdgeFeatures == 0 ? null : Draw("edges", kept.Length, options.EdgeFeatures),
            Velocities = options.Velocities ? Draw("velocities", Points, dimension) : null,
        };
    }

    private static Tensor Joined(PointGraph graph) => Tensor.Concat([graph.Positions, graph.Features, graph.Velocities!], axis: 1);

    private static double Largest(Tensor x) => x.ToArray().Max(Math.Abs);

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-10)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(Largest(expected - actual) <= tolerance, $"off by {Largest(expected - actual)}");
    }
}
