using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx;
using Quincunx.Tests.Inference.Flows;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>Whole networks, with a batch of any length.</summary>
public sealed class OnnxNetworkTests
{
    private const int Features = 4;

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Elu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Softplus)]
    public void Mlp_EveryActivation_IsTheSameOperationByOperationAndForOtherBatches(Activation activation)
    {
        var network = new Mlp(Features, [8, 6], 3, new Rng(1), activation);
        BijectionCases.Scatter(network, new Rng(40), 0.3);
        AssertRows(network, network.Forward, DType.Float32);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void ResidualMlp_IsTheSameOperationByOperationAndForOtherBatches(DType dtype)
    {
        var network = new ResidualMlp(Features, 5, new ResidualMlpOptions { Width = 7, Blocks = 2, Activation = Activation.Silu, DType = dtype }, new Rng(2));
        BijectionCases.Scatter(network, new Rng(40), 0.3);
        AssertRows(network, x => network.Forward(x), dtype);
    }

    [Fact]
    public void ResidualMlp_WithContext_TakesTwoInputs()
    {
        var network = new ResidualMlp(Features, 2, new ResidualMlpOptions { Width = 6, Blocks = 1, ContextSize = 3 }, new Rng(3));
        BijectionCases.Scatter(network, new Rng(40), 0.3);
        AssertModule(network, [new("x", OnnxType.Float32, [-1, Features]), new("context", OnnxType.Float32, [-1, 3])], x => [network.Forward(x[0], x[1])], 3e-6);
    }

    [Fact]
    public void LayersOfRows_LinearAndLayerNorm_AreTheSame()
    {
        var linear = new Linear(Features, 6, new Rng(4), dtype: DType.Float64);
        var norm = new LayerNorm(6, DType.Float64);
        BijectionCases.Scatter(linear, new Rng(40), 0.3);
        BijectionCases.Scatter(norm, new Rng(40), 0.3);
        AssertModule(linear, [new("x", OnnxType.Float64, [-1, Features])], x => [norm.Forward(linear.Forward(x[0]))], 1e-13);
    }

    [Theory]
    [InlineData(FlowKind.SplineAutoregressive)]
    [InlineData(FlowKind.AffineAutoregressive)]
    [InlineData(FlowKind.SplineCoupling)]
    [InlineData(FlowKind.AffineCoupling)]
    [InlineData(FlowKind.Continuous)]
    public void Flow_BothDirections_AreTheSame(FlowKind kind)
    {
        var options = new FlowOptions { Kind = kind, Transforms = 2, Hidden = 12, Blocks = 1, Bins = 4 };
        Flow flow = options.Create(3, 2, new Rng(5), DType.Float64);
        BijectionCases.Scatter(flow, new Rng(40), 0.2);
        OnnxPort[] inputs = [new("z", OnnxType.Float64, [-1, 3]), new("context", OnnxType.Float64, [-1, 2])];
        AssertModule(flow, inputs, x => [flow.LogProb(x[0], x[1])], 1e-11);
        AssertModule(flow, inputs, x => flow.ToNoise(x[0], x[1]) is var to ? [to.Value, to.LogDet] : [], 1e-11);
        AssertModule(flow, inputs, x => flow.FromNoise(x[0], x[1]) is var from ? [from.Value, from.LogDet] : [], 1e-10);
    }

    // Grids on a torus, down and up again: what a network of fields is made of.
    [Fact]
    public void Convolutions_DownAndUpAgain_AreTheSame()
    {
        Rng rng = new(8);
        Tensor down = Tensor.Normal(0, 0.3, rng, new Shape(6, 1, 3, 3), DType.Float64), across = Tensor.Normal(0, 0.3, rng, new Shape(6, 3, 3, 3), DType.Float64);
        Tensor up = Tensor.Normal(0, 0.3, rng, new Shape(6, 1, 3, 3), DType.Float64), bias = Tensor.Normal(0, 1, rng, new Shape(6), DType.Float64);
        var torus = new WindowOptions { Padding = [1], PaddingKind = PaddingKind.Circular };
        AssertModule(
            new LayerNorm(1), [new("x", OnnxType.Float64, [-1, 2, 8, 8])],
            x =>
            {
                Tensor h = Tensor.Silu(Tensor.Convolution(x[0], down, bias, torus, groups: 2));
                h = Tensor.Convolution(Tensor.AveragePool(h, [2]) + Tensor.MaxPool(h, [2]), across, bias, torus, groups: 2);
                return [Tensor.TransposedConvolution(h, up, window: torus with { Stride = [2] }, groups: 2, outputPadding: [1])];
            },
            1e-12);
    }

    // Sets of any number of elements, padded to five.
    [Fact]
    public void Attention_WithMaskAndBias_IsTheSame()
    {
        Tensor bias = Tensor.Normal(0, 1, new Rng(9), new Shape(2, 5, 5), DType.Float64);
        AssertModule(
            new LayerNorm(1), [new("set", OnnxType.Float64, [-1, 5, 4]), new("weights", OnnxType.Float64, [-1, 5])],
            x =>
            {
                Tensor mask = Tensor.Greater(x[1], 0).Reshape(-1, 1, 1, 5);
                Tensor y = Tensor.MultiHeadAttention(x[0], x[0] * 2, x[0] + 1, heads: 2, mask, bias);
                return [Tensor.MultiHeadAttention(y, y, y, heads: 4), (y * mask.Reshape(-1, 5, 1)).Sum(1)];
            },
            1e-12);
    }

    // A fixed graph; the features of its points are the input.
    [Fact]
    public void EquivariantGraphLayer_OfAFixedGraph_IsTheSame()
    {
        var layer = new EquivariantGraphLayer(new EquivariantGraphOptions { Features = 3, Hidden = 8, DType = DType.Float64, Velocities = true }, new Rng(10));
        BijectionCases.Scatter(layer, new Rng(41), 0.2);
        (Indices senders, Indices receivers) = PointGraph.AllPairs(4);
        OnnxPort[] inputs = [new("positions", OnnxType.Float64, [4, 3]), new("features", OnnxType.Float64, [4, 3]), new("velocities", OnnxType.Float64, [4, 3])];
        AssertModule(
            layer, inputs,
            x =>
            {
                PointGraph after = layer.Forward(new PointGraph(x[0], x[1], senders, receivers) { Velocities = x[2] });
                return [after.Positions, after.Features, after.Velocities!];
            },
            1e-12);
    }

    [Fact]
    public void FourierTransforms_ThereAndBack_AreTheSame() => AssertModule(
        new LayerNorm(1), [new("x", OnnxType.Float64, [-1, 6, 10])],
        x => [Tensor.RealFft(x[0]), Tensor.InverseRealFft(Tensor.RealFft(x[0], 1) * 2, 6, 2), Tensor.InverseFft(Tensor.Fft(Tensor.RealFft(x[0]), 2), 3)],
        1e-12);

    // Weights that do not exist hold anything: here NaN, which a product with a mask would keep.
    [Fact]
    public void StaircaseLinear_WeightsBeyondTheStairs_AreNotSeen()
    {
        var layer = new StaircaseLinear(new Staircase(3, 1, 2, 2, 3), new Rng(6));
        float[] weights = layer.Weight.Value.AsSpan<float>().ToArray();
        (weights[1], weights[2], weights[5]) = (float.NaN, float.PositiveInfinity, 7);
        layer.Weight.Assign(Tensor.From(weights, layer.Weight.Shape));
        AssertModule(layer, [new("x", OnnxType.Float32, [3, -1])], x => [layer.ForwardColumns(x[0])], 2e-6);
    }

    // A Hamiltonian network's output is a gradient: the rules of derivatives are operations too.
    [Fact]
    public void Gradient_OfANetwork_IsExportedLikeItsValue()
    {
        var network = new Mlp(Features, [8], 1, new Rng(7), Activation.Tanh, dtype: DType.Float64);
        BijectionCases.Scatter(network, new Rng(40), 0.3);
        AssertModule(
            network, [new("x", OnnxType.Float64, [-1, Features])],
            x =>
            {
                Tensor tracked = x[0].Track();
                return [Gradient.Of(network.Forward(tracked).Sum(), [tracked])[0]];
            },
            1e-12);
    }

    [Fact]
    public void Weights_KeepTheirPaths()
    {
        var network = new Mlp(Features, [8], 3, new Rng(1));
        OnnxModel model = OnnxExport.OfRows("mlp", network, network.Forward, Features);
        Assert.Equal(
            ["layers.0.bias", "layers.0.weight", "layers.1.bias", "layers.1.weight"],
            model.Message.Graph.Initializer.Select(w => w.Name).Where(n => n.StartsWith("layers", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(("x: Float32 [batch, 4]", "y: Float32 [batch, 3]"), (model.Inputs.Single().ToString(), model.Outputs.Single().ToString()));
    }

    [Fact]
    public void Export_OperationWithoutATranslation_NamesIt()
    {
        OnnxException error = Assert.Throws<OnnxException>(
            () => OnnxExport.Of("roots", null, [new("x", OnnxType.Float64, [2, 2])], ["y"], x => [Tensor.Cholesky(Tensor.MatMul(x[0], x[0], transposeB: true) + 1)]));
        Assert.Equal("The operation Cholesky has no translation to ONNX.", error.Message);
    }

    [Fact]
    public void Export_ElementsThatAreRead_AreRefused()
    {
        OnnxException error = Assert.Throws<OnnxException>(
            () => OnnxExport.Of("branch", null, [new("x", OnnxType.Float64, [-1])], ["y"], x => [x[0].Sum().ToScalar() > 0 ? x[0] : -x[0]]));
        Assert.Contains("the elements of a tensor were read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_ConstantThatDependsOnTheBatch_IsRefused()
    {
        OnnxException error = Assert.Throws<OnnxException>(
            () => OnnxExport.Of("ramp", null, [new("x", OnnxType.Float64, [-1])], ["y"], x => [x[0] * Tensor.Range(x[0].Count, DType.Float64)]));
        Assert.Contains("reads a constant that is another for another batch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_OperationsThatDependOnTheBatch_AreRefused()
    {
        OnnxException error = Assert.Throws<OnnxException>(() => OnnxExport.Of(
            "loop", null, [new("x", OnnxType.Float64, [-1])], ["y"], x => [Enumerable.Range(0, x[0].Count).Aggregate(x[0], (sum, _) => sum + 1)]));
        Assert.Contains("a graph needs the same for all", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRows(IModule module, Func<Tensor, Tensor> forward, DType dtype) => AssertModule(
        module, [new("x", dtype == DType.Float32 ? OnnxType.Float32 : OnnxType.Float64, [-1, Features])], x => [forward(x[0])], dtype == DType.Float32 ? 3e-6 : 1e-13);

    // Operation by operation at the batch it was traced for, and then the outputs at others, one example included.
    private static void AssertModule(
        IModule module, OnnxPort[] inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward, double tolerance)
    {
        (OnnxModel model, int compared) = OnnxComparison.OperationByOperation("module", inputs, OnnxComparison.Normal(inputs), forward, tolerance, module);
        Assert.True(compared > 0);
        foreach (int batch in new[] { 1, 2, 9 })
        {
            Tensor[] given = OnnxComparison.Normal(inputs)(batch);
            IReadOnlyList<Tensor> expected = forward(given);
            IReadOnlyDictionary<string, OnnxTensor> found = model.Evaluate(inputs.Zip(given).ToDictionary(p => p.First.Name, p => OnnxComparison.Of(p.Second), StringComparer.Ordinal));
            for (int i = 0; i < expected.Count; i++)
            {
                OnnxComparison.AssertClose(OnnxComparison.Of(expected[i]), found[$"y{i}"], 10 * tolerance, $"batch {batch}, output {i}");
            }
        }
    }
}
