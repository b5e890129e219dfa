using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Value and gradient of layers on sets, sequences, graphs and grids, replayed as in training, counted as matrix products alone.</summary>
internal static class LayerRows
{
    private const int Width = 64, Heads = 4, Set = 32, Nodes = 500, Degree = 8, Side = 16, Channels = 32;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int batch = bench.Effort.IsSmoke ? 2 : 128, edges = Nodes * Degree, rows = batch * Set, square = Width * Width;
        Tensor set = Draw(batch, Set, Width);
        foreach (SetPooling pooling in new[] { SetPooling.Mean, SetPooling.Max, SetPooling.Attention })
        {
            var net = new DeepSet(Width, Width, new DeepSetOptions { Pooling = pooling }, new Rng(1));
            long attention = pooling == SetPooling.Attention ? 2L * rows * Width : 0;
            yield return Products(bench, $"deep set, {pooling}, {batch} sets of {Set}", net, () => net.Forward(set), (2L * (rows + batch) * square) + attention);
        }

        // Query, key, value, output and two layers behind them; scores and weighted values.
        long block = (6L * rows * square) + (2L * rows * Set * Width);
        var direct = new SetTransformer(Width, Width, new SetTransformerOptions { Blocks = 2, Heads = Heads }, new Rng(1));
        yield return Products(bench, $"set transformer, 2 blocks, {batch} sets of {Set}", direct, () => direct.Forward(set), (2 * block) + (5L * rows * square));
        var encoder = new TransformerEncoder(Width, new TransformerEncoderOptions { Blocks = 2, Heads = Heads }, new Rng(1));
        yield return Products(
            bench, $"transformer encoder, 2 blocks, {batch} sequences of {Set}", encoder, () => encoder.Forward(set), (2 * (block + (6L * rows * square))) + ((long)rows * square));
        var unit = new GatedRecurrentUnit(Width, Width, new Rng(1));
        yield return Products(bench, $"gated recurrent unit, {batch} sequences of {Set}", unit, () => unit.Forward(set), 6L * rows * square);

        var graph = new GraphBlock(new GraphBlockOptions { Nodes = Width, Edges = Width }, new Rng(1));
        (GraphTopology topology, Tensor nodes, Tensor lines) = (Joined(edges), Draw(Nodes, Width), Draw(edges, Width));
        yield return Products(
            bench, $"graph block, {Nodes} nodes, {edges} edges", graph, () => graph.Forward(new GraphState(nodes, lines), topology).Nodes, ((4L * edges) + (3L * Nodes)) * square);

        int images = Math.Max(1, batch / 8);
        Tensor grid = Draw(images, Channels, Side, Side);
        var convolution = new ConvolutionBlock(Channels, Channels, new ConvolutionBlockOptions { Padding = PaddingKind.Circular }, new Rng(1));
        yield return Products(
            bench, $"convolutional block, {images} grids of {Side}x{Side}, {Channels} channels", convolution, () => convolution.Forward(grid),
            2L * 9 * images * Side * Side * Channels * Channels);

        Tensor points = Draw(rows, 2), context = Draw(batch, Width);
        var features = new FourierFeatures(2, Width, 1, new Rng(1));
        yield return Passes(bench, $"Fourier features, {rows} points, {Width} frequencies", () => features.Forward(points), 2 * rows * Width);
        var film = new Film(Width, Width, new Rng(1));
        yield return Passes(bench, $"modulation, {batch} sets of {Set} by {Width}", () => film.Forward(set, context), set.Count);
    }

    private static Tensor Draw(params int[] lengths) => Tensor.Normal(0, 1, new Rng(2), new Shape(lengths));

    private static GraphTopology Joined(int edges)
    {
        Rng rng = new(3);
        int Node() => (int)(rng.NextDouble() * Nodes);
        return GraphTopology.Of(Enumerable.Range(0, edges).Select(_ => Node()).ToArray(), Enumerable.Range(0, edges).Select(_ => Node()).ToArray(), Nodes);
    }

    // Products of the weights twice over again for the gradient; in the inputs of the whole none is asked for, which is left uncounted.
    private static RowPlan Products(Bench bench, string name, IModule module, Func<Tensor> forward, long multiplyAdds)
    {
        Probe probe = bench.Time(() =>
        {
            Tensor[] weights = [.. ParameterTree.Of(module).Trained.Select(p => p.Value)];
            Replay step = Replay.Record(
                () =>
                {
                    Tensor loss = Tensor.Square(forward()).Sum();
                    return [loss, .. Gradient.Of(loss, weights)];
                },
                out string? obstacle) ?? throw new InvalidOperationException(obstacle);
            return () =>
            {
                using KernelThreads.Share one = KernelThreads.One();
                step.Run();
            };
        });
        return new RowPlan(name, 1, RowPlan.Float32, Units.Flops, Quantity.Rate(probe, 6e-9 * multiplyAdds), bench.PeakBound<float>(1));
    }

    private static RowPlan Passes(Bench bench, string name, Func<Tensor> forward, int elements)
    {
        Probe probe = bench.Time(() => () =>
        {
            using KernelThreads.Share one = KernelThreads.One();
            using var scope = new TensorScope();
            forward();
        });
        return new RowPlan(
            name, 1, RowPlan.Float32, Units.Bandwidth, Quantity.Rate(probe, 1e-9 * sizeof(float) * Bench.VectorsOf(BandwidthKind.Copy) * elements),
            bench.BandwidthBound(BandwidthKind.Copy, elements, 1));
    }
}
