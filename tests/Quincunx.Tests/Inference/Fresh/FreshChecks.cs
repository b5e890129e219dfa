using Quincunx.Inference;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Fresh;

/// <summary>What the tests of fresh training share: a small network, and draws held to a normal posterior.</summary>
internal static class FreshChecks
{
    private const int Draws = 20_000;

    public static NeuralPosteriorOptions Network { get; } = new()
    {
        Embedding = new MlpEmbeddingOptions { Hidden = [48, 48], Outputs = 16 },
        Flow = new FlowOptions { Kind = FlowKind.AffineAutoregressive, Transforms = 2, Hidden = 24, Blocks = 1, Activation = Quincunx.Inference.Networks.Activation.Tanh },
    };

    public static TrainingOptions Short { get; } = new() { BatchSize = 64, MaxEpochs = 4, LearningRate = 2e-3, Schedule = RateSchedule.Cosine, Patience = 100, Threads = 2 };

    /// <summary>20,000 draws have means within 0.03 sd, sds within 2 % and correlations within 0.03 (4 standard errors each); the rest of the tolerances is the network's error.</summary>
    public static void AssertIsNormal(IPosteriorEstimator posterior, double[] x, (double[] Mean, double[] Covariance) exact, string what)
    {
        double[] draws = new double[2 * Draws];
        posterior.Sample(x, draws, new Rng(77));
        double[] mean = [.. Enumerable.Range(0, 2).Select(j => Enumerable.Range(0, Draws).Average(i => draws[(2 * i) + j]))];
        double Covariance(int j, int k) => Enumerable.Range(0, Draws).Average(i => (draws[(2 * i) + j] - mean[j]) * (draws[(2 * i) + k] - mean[k]));
        double[] sd = [Math.Sqrt(exact.Covariance[0]), Math.Sqrt(exact.Covariance[3])];
        for (int j = 0; j < 2; j++)
        {
            double off = (mean[j] - exact.Mean[j]) / sd[j], ratio = Math.Sqrt(Covariance(j, j)) / sd[j];
            Assert.True(Math.Abs(off) < 0.15, $"{what}: mean {j} is off by {off:F3} sd.");
            Assert.True(Math.Abs(ratio - 1) < 0.1, $"{what}: sd {j} is {ratio:F3} of the exact one.");
        }

        double correlation = Covariance(0, 1) / Math.Sqrt(Covariance(0, 0) * Covariance(1, 1)), expected = exact.Covariance[1] / (sd[0] * sd[1]);
        Assert.True(Math.Abs(correlation - expected) < 0.1, $"{what}: correlation {correlation:F3}, exact {expected:F3}.");
    }
}
