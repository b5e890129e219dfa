using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx;
using Quincunx.Tests.Inference.Networks;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>Layers on sets, sequences, graphs and grids as ONNX models.</summary>
public sealed class OnnxLayerTests
{
    public static TheoryData<string> Names => NetworkCases.Names;

    [Theory, MemberData(nameof(Names))]
    public void Layer_OfTheTable_IsTheSameOperationByOperation(string name)
    {
        NetworkCase layer = NetworkCases.Named(name);
        IModule module = layer.Random(DType.Float64, 1);
        OnnxPort[] inputs = [.. layer.Inputs.Select((s, i) => new OnnxPort($"x{i}", OnnxType.Float64, s))];
        (_, int compared) = OnnxComparison.OperationByOperation("layer", inputs, OnnxComparison.Normal(inputs), x => [layer.Forward(module, [.. x])], 1e-12, module);
        Assert.True(compared > 0);
    }

    [Theory]
    [InlineData("deep set")]
    [InlineData("set transformer")]
    [InlineData("transformer encoder")]
    [InlineData("transformer encoder, relative positions")]
    [InlineData("gated recurrent unit")]
    [InlineData("convolutional network")]
    public void Network_OfABatchOfAnyLength_IsTheSame(string name)
    {
        (IModule module, Func<Tensor, Tensor> forward, int[] shape) = Network(name);
        OnnxPort[] inputs = [new("x", OnnxType.Float64, shape)];
        OnnxModel model = OnnxExport.Of(name, module, inputs, ["y"], x => [forward(x[0])]);
        foreach (int batch in new[] { 1, 2, 7 })
        {
            Tensor x = OnnxComparison.Normal(inputs)(batch)[0];
            OnnxTensor y = model.Evaluate(new Dictionary<string, OnnxTensor> { ["x"] = OnnxComparison.Of(x) })["y"];
            OnnxComparison.AssertClose(OnnxComparison.Of(forward(x)), y, 1e-11, $"batch {batch}");
        }
    }

    private static (IModule Module, Func<Tensor, Tensor> Forward, int[] Shape) Network(string name)
    {
        Rng rng = new(1);
        switch (name)
        {
            case "deep set":
                var set = new DeepSet(3, 2, new DeepSetOptions { ElementHidden = [8], Width = 8, SetHidden = [8], Pooling = SetPooling.Attention, DType = DType.Float64 }, rng);
                return (set, x => set.Forward(x), [-1, 5, 3]);
            case "set transformer":
                var transformer = new SetTransformer(3, 2, new SetTransformerOptions { Width = 8, Blocks = 1, InducingPoints = 4, DType = DType.Float64 }, rng);
                return (transformer, x => transformer.Forward(x), [-1, 5, 3]);
            case "transformer encoder":
                var options = new TransformerEncoderOptions { Width = 8, Blocks = 1, Positions = PositionalEncoding.Sinusoidal, DType = DType.Float64 };
                var encoder = new TransformerEncoder(3, options, rng);
                return (encoder, x => encoder.Forward(x), [-1, 5, 3]);
            case "transformer encoder, relative positions":
                var relative = new TransformerEncoder(3, new TransformerEncoderOptions { Width = 8, Blocks = 1, Positions = PositionalEncoding.Relative, Window = 3, DType = DType.Float64 }, rng);
                return (relative, x => relative.Forward(x), [-1, 5, 3]);
            case "gated recurrent unit":
                var unit = new GatedRecurrentUnit(3, 6, rng, DType.Float64);
                return (unit, x => unit.Forward(x), [-1, 5, 3]);
            default:
                var grid = new ConvolutionNetwork(1, [4, 6], 2, new ConvolutionBlockOptions { Padding = PaddingKind.Circular, Pooling = GridPooling.Max, DType = DType.Float64 }, rng);
                return (grid, grid.Forward, [-1, 1, 8, 8]);
        }
    }
}
