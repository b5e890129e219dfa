using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>Posteriors that were trained, with bounded parameters, outputs that pass through a logarithm, and an embedding.</summary>
public sealed class PosteriorExportTests
{
    private static readonly IndependentProduct Prior = new(("rate", new Uniform(0.5, 3)), ("scale", new LogNormal(0, 0.5)), ("shift", new Normal(1, 2)));

    public static TheoryData<FlowKind, bool> Kinds => new()
    {
        { FlowKind.SplineAutoregressive, true }, { FlowKind.AffineAutoregressive, false }, { FlowKind.SplineCoupling, false }, { FlowKind.AffineCoupling, true },
        { FlowKind.Continuous, false },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Of_TrainedPosterior_IsTheSameOperationByOperation(FlowKind kind, bool embedding)
    {
        NeuralPosterior posterior = Trained(kind, embedding);
        OnnxPort[] inputs = PosteriorExport.Inputs(posterior, PosteriorExport.Theta);
        using Recording.Pause pause = Recording.Off();
        (OnnxModel model, int compared) = OnnxComparison.OperationByOperation(
            "posterior", inputs, batch => Pairs(batch, posterior), x => [posterior.LogProb(x[0], x[1])], 2e-5, posterior);
        Assert.True(compared > 40, $"{compared} operations");
        Assert.Equal(["theta: Float64 [batch, 3]", "x: Float64 [batch, 4]"], model.Inputs.Select(i => i.ToString()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Of_TrainedPosterior_GivesTheDensitiesOfTheNetwork(FlowKind kind, bool embedding)
    {
        NeuralPosterior posterior = Trained(kind, embedding);
        OnnxModel model = OnnxModel.Parse(PosteriorExport.Of(posterior, Prior.Names).ToBytes(), "memory");
        Assert.InRange(PosteriorExport.LargestDifference(model, posterior, 50, new Rng(3)), 0, 1e-5);

        // Inside, on edges, outside, and where there is no number.
        double[] thetas = [1, 1, 0, 0.5, 1, 0, 3, 2, 1, 0.4, 1, 0, 1, -0.1, 0, 1, 1, double.PositiveInfinity, 1, double.NaN, 0], logs = new double[7];
        double[] x = [.. Enumerable.Repeat(new[] { 1.0, 2, 0.3, -1 }, 7).SelectMany(row => row)];
        posterior.LogProbPairs(thetas, x, logs);
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity, double.NaN], logs[3..]);
        OnnxTensor found = model.Evaluate(Inputs(thetas, x, 7))[PosteriorExport.LogProb];
        OnnxComparison.AssertClose(new OnnxTensor(OnnxType.Float64, [7], logs), found, 1e-5, "special points");
    }

    // The draws of the library come from streams of their own; with the same normal numbers they are the same.
    [Theory, MemberData(nameof(Kinds))]
    public void SamplerOf_TrainedPosterior_GivesTheDrawsOfTheNetwork(FlowKind kind, bool embedding)
    {
        NeuralPosterior posterior = Trained(kind, embedding);
        double[] x = [3.0, 1.2, 0.4, 1.1], theta = new double[3 * 100], noise = new double[theta.Length];
        posterior.Sample(x, theta, new Rng(4));
        new Rng(new Rng(4).NextUInt64()).Split(0).FillNormal(noise);
        using Recording.Pause pause = Recording.Off();
        Tensor drawn = posterior.FromNoise(Tensor.From(noise, new Shape(100, 3)), Tensor.From(x, new Shape(1, 4)));
        Assert.Equal(theta, drawn.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5 * (1 + Math.Abs(a)));

        OnnxModel model = OnnxModel.Parse(PosteriorExport.SamplerOf(posterior, Prior.Names).ToBytes(), "memory");
        Assert.Equal("sampler", model.Metadata["quincunx.kind"]);
        Assert.InRange(PosteriorExport.LargestDifferenceOfDraws(model, posterior, 50, new Rng(3)), 0, 1e-5);
        OnnxPort[] inputs = PosteriorExport.Inputs(posterior, PosteriorExport.Noise);
        (_, int compared) = OnnxComparison.OperationByOperation(
            "sampler", inputs, OnnxComparison.Normal(inputs), y => [posterior.FromNoise(y[0], y[1])], 3e-5, posterior);
        Assert.True(compared > 40, $"{compared} operations");
    }

    // Far out in the noise theta comes to the ends of its interval, and not beyond.
    [Fact]
    public void FromNoise_FarOut_StaysInsideTheSupport()
    {
        NeuralPosterior posterior = Trained(FlowKind.AffineAutoregressive, embedding: false);
        double[] noise = [.. new[] { -1e4, -300, -40, 40, 300, 1e4 }.SelectMany(v => new[] { v, v, v })], xs = [.. Enumerable.Repeat(new[] { 3.0, 1, 0, 1 }, 6).SelectMany(r => r)];
        double[] theta = posterior.FromNoise(Tensor.From(noise, new Shape(6, 3)), Tensor.From(xs, new Shape(6, 4))).ToArray();
        Assert.All(Enumerable.Range(0, 6), i => Assert.InRange(theta[3 * i], Math.BitIncrement(0.5), Math.BitDecrement(3)));
        Assert.All(Enumerable.Range(0, 6), i => Assert.InRange(theta[(3 * i) + 1], double.Epsilon, double.MaxValue));
    }

    [Fact]
    public void Of_Metadata_SaysWhatTheNumbersMean()
    {
        OnnxModel model = PosteriorExport.Of(Trained(FlowKind.AffineAutoregressive, embedding: false), Prior.Names);
        Assert.Equal("rate,scale,shift", model.Metadata["quincunx.parameters"]);
        Assert.Equal("0.5,0,-Infinity", model.Metadata["quincunx.lower"]);
        Assert.Equal("3,Infinity,Infinity", model.Metadata["quincunx.upper"]);
        Assert.Throws<ArgumentException>(() => PosteriorExport.Of(Trained(FlowKind.AffineAutoregressive, embedding: false), ["rate"]));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void LogProbOfTensors_AgreesWithThatOfNumbersAndHasItsDerivative(FlowKind kind, bool embedding)
    {
        NeuralPosterior posterior = Trained(kind, embedding);
        Tensor[] pairs = Pairs(20, posterior);
        double[] logs = new double[20];
        posterior.LogProbPairs(pairs[0].ToArray(), pairs[1].ToArray(), logs);
        Tensor theta = pairs[0].Track(), log = posterior.LogProb(theta, pairs[1]);
        Assert.Equal(logs, log.ToArray(), (a, b) => Math.Abs(a - b) < 1e-4);

        // Central differences of a float32 network: steps of 1e-2 of a parameter's size, slopes to 1e-2.
        double[] slope = Gradient.Of(log.Sum(), [theta])[0].ToArray();
        double[] up = [.. pairs[0].ToArray()], down = [.. up], logUp = new double[20], logDown = new double[20];
        const double Step = 1e-3;
        for (int i = 2; i < up.Length; i += 3)
        {
            (up[i], down[i]) = (up[i] + Step, down[i] - Step);
        }

        posterior.LogProbPairs(up, pairs[1].ToArray(), logUp);
        posterior.LogProbPairs(down, pairs[1].ToArray(), logDown);
        for (int i = 0; i < 20; i++)
        {
            double expected = (logUp[i] - logDown[i]) / (2 * Step);
            Assert.Equal(expected, slope[(3 * i) + 2], 0.02 * (1 + Math.Abs(expected)));
        }
    }

    public static NeuralPosterior Trained(FlowKind kind, bool embedding)
    {
        const int Rows = 400;
        var rng = new Rng(9);
        double[] thetas = new double[3 * Rows], xs = new double[4 * Rows], theta = new double[3];
        for (int i = 0; i < Rows; i++)
        {
            Prior.Sample(theta, rng.Split(i));
            theta.CopyTo(thetas.AsSpan(3 * i));
            Simulate(theta, xs.AsSpan(4 * i, 4), rng.Split("data").Split(i));
        }

        var options = new NeuralPosteriorOptions
        {
            Flow = new FlowOptions { Kind = kind, Transforms = 2, Hidden = 16, Blocks = 1, Bins = 5 },
            Embedding = embedding ? new MlpEmbeddingOptions { Hidden = [12], Outputs = 3 } : null,
        };
        return NeuralPosteriorEstimation.Train(
            new SupportBijection(Prior), thetas, xs, 4, options, new TrainingOptions { MaxEpochs = 6, BatchSize = 50 }, new Rng(1), cancel: CancellationToken.None).Posterior;
    }

    internal static Tensor[] Pairs(int batch, NeuralPosterior posterior)
    {
        double[] thetas = new double[3 * batch], xs = new double[4 * batch], theta = new double[3];
        Rng rng = new Rng(33).Split(batch);
        for (int i = 0; i < batch; i++)
        {
            Prior.Sample(theta, rng.Split(i));
            theta.CopyTo(thetas.AsSpan(3 * i));
            Simulate(theta, xs.AsSpan(4 * i, 4), rng.Split("data").Split(i));
        }

        return [Tensor.From(thetas, new Shape(batch, posterior.Dimension)), Tensor.From(xs, new Shape(batch, posterior.Features))];
    }

    // The first output is positive and spans powers of ten.
    private static void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        x[0] = Math.Exp((3 * theta[0]) + rng.NextNormal());
        x[1] = theta[0] + (0.3 * rng.NextNormal());
        x[2] = theta[1] * rng.NextNormal();
        x[3] = theta[2] + (0.5 * rng.NextNormal());
    }

    private static Dictionary<string, OnnxTensor> Inputs(double[] thetas, double[] xs, int batch) => new(StringComparer.Ordinal)
    {
        [PosteriorExport.Theta] = new(OnnxType.Float64, [batch, 3], thetas),
        [PosteriorExport.Observation] = new(OnnxType.Float64, [batch, 4], xs),
    };
}
