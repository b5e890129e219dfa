using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>The table of layers and networks on sets, sequences, graphs and grids.</summary>
public static class NetworkCases
{
    /// <summary>Two sets, of 2 and of 3 elements.</summary>
    public static readonly Tensor Sizes = Tensor.From([1.0, 1, 0, 1, 1, 1], new Shape(2, 3));

    /// <summary>A triangle with an edge in one direction only, a pair, and in a third graph a node without edges.</summary>
    public static readonly GraphTopology Graphs = new(new[] { 0, 1, 2, 0, 3, 4 }, new[] { 1, 2, 0, 2, 4, 3 }, new[] { 0, 0, 0, 1, 1, 2 }, 3);

    public static IReadOnlyList<NetworkCase> All { get; } =
    [
        Set(SetPooling.Mean), Set(SetPooling.Sum), Set(SetPooling.Max), Set(SetPooling.Attention),
        Transformer("set transformer", new SetTransformerOptions { Width = 4, Heads = 2, Blocks = 1 }),
        Transformer("set transformer, points and seeds", new SetTransformerOptions { Width = 4, Heads = 2, Blocks = 1, InducingPoints = 2, Seeds = 2 }),
        new("attention", (d, rng) => new MultiHeadAttention(4, 2, rng, contextWidth: 3, dtype: d),
            (m, x) => ((MultiHeadAttention)m).Forward(x[0], x[1], Like(Sizes, x), x[2]), [2, 2, 4], [2, 3, 3], [2, 3]),
        Encoder("transformer encoder", PositionalEncoding.None),
        Encoder("transformer encoder, positions", PositionalEncoding.Sinusoidal),
        Encoder("transformer encoder, relative positions", PositionalEncoding.Relative),
        Encoder("transformer encoder, both positions and windows", PositionalEncoding.Both, window: 3, blocks: 2),
        new("gated recurrent unit", (d, rng) => new GatedRecurrentUnit(2, 3, rng, d),
            (m, x) => ((GatedRecurrentUnit)m).Forward(x[0], Like(Sizes, x), x[1]), [2, 3, 2], [2, 3]),
        Graph(GraphAggregation.Sum), Graph(GraphAggregation.Mean), Graph(GraphAggregation.Max),
        new("graph block, messages alone", (d, rng) => new GraphBlock(GraphOptions(d) with { Edges = 0, Globals = 0, GlobalWidth = 0 }, rng),
            (m, x) => ((GraphBlock)m).Forward(new GraphState(x[0]), Graphs).Nodes, [6, 2]),
        new("Fourier features", (d, rng) => new FilmOfFeatures(d, rng), (m, x) => ((FilmOfFeatures)m).Forward(x[0], x[1]), [3, 2], [3, 2]),
        new("modulated channels", (d, rng) => new Film(2, 3, rng, d), (m, x) => ((Film)m).Forward(x[0], x[1], axis: 1), [2, 2, 3, 2], [2, 3]),
        Grid("convolutional block, one axis", new ConvolutionBlockOptions { Axes = 1, Pooling = GridPooling.Mean }, 2, 3, [2, 2, 6]),
        Grid("convolutional block", new ConvolutionBlockOptions { Padding = PaddingKind.Circular, NormGroups = 2, Pooling = GridPooling.Max }, 2, 2, [2, 2, 4, 4]),
        Grid("convolutional block, three axes", new ConvolutionBlockOptions { Axes = 3, NormGroups = 0, IsResidual = false }, 1, 2, [1, 1, 2, 3, 2]),
        new("convolutional network", (d, rng) => new ConvolutionNetwork(1, [2, 3], 2, Smooth(new ConvolutionBlockOptions(), d), rng),
            (m, x) => ((ConvolutionNetwork)m).Forward(x[0]), [2, 1, 4, 3]),
        new("convolution with groups", (d, rng) => new ConvolutionLayer(2, 4, [3], rng, new WindowOptions { Stride = [2], Padding = [1] }, 2, dtype: d),
            (m, x) => ((ConvolutionLayer)m).Forward(x[0]), [2, 2, 5]),
    ];

    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    public static NetworkCase Named(string name) => All.Single(c => c.Name == name);

    public static Tensor Like(Tensor mask, Tensor[] x) => mask.To(x[0].DType);

    private static GraphBlockOptions GraphOptions(DType d) =>
        new() { Nodes = 2, Edges = 1, Globals = 2, NodeWidth = 3, EdgeWidth = 2, GlobalWidth = 2, Hidden = [4], Activation = Activation.Tanh, DType = d };

    private static NetworkCase Set(SetPooling pooling) => new(
        $"deep set, {pooling}",
        (d, rng) => new DeepSet(2, 2, new DeepSetOptions { ElementHidden = [4], Width = 4, SetHidden = [3], Pooling = pooling, Heads = 2, Activation = Activation.Tanh, DType = d }, rng),
        (m, x) => ((DeepSet)m).Forward(x[0], Like(Sizes, x)), [2, 3, 2]);

    private static NetworkCase Transformer(string name, SetTransformerOptions options) => new(
        name, (d, rng) => new SetTransformer(2, 2, options with { Activation = Activation.Tanh, DType = d }, rng), (m, x) => ((SetTransformer)m).Forward(x[0], Like(Sizes, x)), [2, 3, 2]);

    private static NetworkCase Encoder(string name, PositionalEncoding positions, int window = 1, int blocks = 1) => new(
        name, (d, rng) => new TransformerEncoder(2, new TransformerEncoderOptions { Width = 4, Heads = 2, Blocks = blocks, Hidden = 5, Positions = positions, Window = window, DType = d }, rng),
        (m, x) => ((TransformerEncoder)m).Forward(x[0], Like(Sizes, x)), [2, 3, 2]);

    private static NetworkCase Graph(GraphAggregation aggregation) => new(
        $"graph block, {aggregation}", (d, rng) => new GraphBlock(GraphOptions(d) with { Aggregation = aggregation }, rng),
        (m, x) =>
        {
            GraphState y = ((GraphBlock)m).Forward(new GraphState(x[0], x[1], x[2]), Graphs);
            return Tensor.Concat([y.Nodes.Reshape(18), y.Edges!.Reshape(12), y.Globals!.Reshape(6)]);
        },
        [6, 2], [6, 1], [3, 2]);

    private static ConvolutionBlockOptions Smooth(ConvolutionBlockOptions options, DType d) => options with { Activation = Activation.Tanh, DType = d };

    private static NetworkCase Grid(string name, ConvolutionBlockOptions options, int channels, int filters, int[] shape) => new(
        name, (d, rng) => new ConvolutionBlock(channels, filters, Smooth(options, d), rng), (m, x) => ((ConvolutionBlock)m).Forward(x[0]), shape);

    private sealed class FilmOfFeatures(DType d, Rng rng) : IModule
    {
        private readonly FourierFeatures _features = new(2, 3, 0.4, rng.Split("features"), d);
        private readonly Film _film = new(6, 2, rng.Split("film"), d);

        public Tensor Forward(Tensor x, Tensor context) => _film.Forward(_features.Forward(x), context);

        public void Describe(ParameterTree tree)
        {
            tree.Add("features", _features);
            tree.Add("film", _film);
        }
    }
}
