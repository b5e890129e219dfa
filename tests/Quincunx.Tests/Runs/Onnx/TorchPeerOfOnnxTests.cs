using System.Globalization;
using System.Text.Json;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Onnx;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;
using Quincunx.Tests.Inference.Flows;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>The weights of an exported file, read by a script of its own, give the same numbers in torch.</summary>
public sealed class TorchPeerOfOnnxTests
{
    private const double Tolerance = 1e-5;

    [TorchTheory]
    [InlineData("mlp")]
    [InlineData("graph")]
    public void Mlp_OfTorchLayersOrNodes_GivesTheSame(string kind)
    {
        var network = new Mlp(4, [16, 16], 3, new Rng(1));
        BijectionCases.Scatter(network, new Rng(2), 0.2);
        AssertRows(kind, network, network.Forward, DType.Float32);
    }

    [TorchTheory]
    [InlineData("residual", DType.Float32)]
    [InlineData("residual", DType.Float64)]
    [InlineData("graph", DType.Float32)]
    public void ResidualMlp_OfTorchLayersOrNodes_GivesTheSame(string kind, DType dtype)
    {
        var network = new ResidualMlp(4, 3, new ResidualMlpOptions { Width = 16, Blocks = 2, DType = dtype }, new Rng(1));
        BijectionCases.Scatter(network, new Rng(2), 0.2);
        AssertRows(kind, network, x => network.Forward(x), dtype);
    }

    [TorchTheory]
    [InlineData(FlowKind.SplineAutoregressive)]
    [InlineData(FlowKind.AffineCoupling)]
    public void Posterior_NodeByNode_GivesTheSameDensities(FlowKind kind)
    {
        NeuralPosterior posterior = PosteriorExportTests.Trained(kind, embedding: true);
        Tensor[] pairs = PosteriorExportTests.Pairs(40, posterior);
        double[] expected = new double[40];
        posterior.LogProbPairs(pairs[0].ToArray(), pairs[1].ToArray(), expected);
        AssertSame(
            expected, Run("graph", PosteriorExport.Of(posterior, ["rate", "scale", "shift"]), (PosteriorExport.Theta, pairs[0]), (PosteriorExport.Observation, pairs[1]))[PosteriorExport.LogProb]);
    }

    private static void AssertRows(string kind, IModule network, Func<Tensor, Tensor> forward, DType dtype)
    {
        Tensor x = Tensor.Normal(0, 1, new Rng(5), new Shape(20, 4), dtype);
        AssertSame(forward(x).ToArray(), Run(kind, OnnxExport.OfRows("network", network, forward, 4, dtype), ("x", x))["y"]);
    }

    private static void AssertSame(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), p => Assert.True(p.First.Equals(p.Second) || Math.Abs(p.First - p.Second) <= Tolerance * (1 + Math.Abs(p.First)), $"{p}"));
    }

    private static Dictionary<string, double[]> Run(string kind, OnnxModel model, params (string Name, Tensor Value)[] inputs)
    {
        using var folder = new ScratchFolder();
        model.Write(folder["model.onnx"]);
        using (FileStream file = File.Create(folder["inputs.npz"]))
        {
            NpzFile.Write(file, [.. inputs.Select(i => (i.Name, i.Value.DType == DType.Float32
                ? NpyArray.Of(i.Value.AsSpan<float>().ToArray(), i.Value.Shape.Lengths)
                : NpyArray.Of(i.Value.ToArray(), i.Value.Shape.Lengths)))]);
        }

        string script = Path.Combine(RepositoryRoot.Path, "tests", "Quincunx.Tests", "Runs", "Onnx", "onnx_torch.py");
        (int code, string output, string error) = TorchTheoryAttribute.Run(TorchTheoryAttribute.Python!, script, kind, folder["model.onnx"], folder["inputs.npz"]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(Number).ToArray(), StringComparer.Ordinal);
    }

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.GetString() switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            var text => double.Parse(text!, CultureInfo.InvariantCulture),
        };
}
