using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Embeddings;

public sealed class ObservationEmbeddingTests
{
    private static readonly Uniform Prior = new(-1, 1);

    [Fact]
    public void StartCompression_WithFreshNoise_FindsTheSignalUnderIt()
    {
        // A signal of variance 1 along (0.6, 0.8, 0, 0), and noise of variance 25 in the third number: the noise is the first component of one observation and no component of what two have in common.
        const int Rows = 4000;
        double[] first = new double[4 * Rows], second = new double[4 * Rows];
        var rng = new Rng(1);
        for (int i = 0; i < Rows; i++)
        {
            double signal = rng.NextNormal();
            foreach (double[] into in (double[][])[first, second])
            {
                (into[4 * i], into[(4 * i) + 1], into[(4 * i) + 2], into[(4 * i) + 3]) = (3 + (0.6 * signal) + (0.1 * rng.NextNormal()), 0.8 * signal, 5 * rng.NextNormal(), 7);
            }
        }

        ObservationEmbedding embedding = ObservationEmbedding.Of(4, new NeuralPosteriorOptions { Compression = 1, ContextFeatures = 1 }.Observations, new Rng(2))!;
        embedding.StartCompression(first, second);
        using (new TensorScope())
        {
            double[] found = embedding.Forward(Tensor.From([3.6, 0.8, 0, 9, 3, 0, 0, 9], new Shape(2, 4), DType.Float32)).ToArray();
            Assert.Equal(2, embedding.Outputs);

            // One standard deviation along the signal is 1 / √(1 + 0.6² 0.1²) of a unit, up to the share of the third number's 5, of the size 5 · 5 / √4000; and the mean of the rows is 0.
            Assert.Equal(1, Math.Abs(found[0] - found[2]), 0.15);
            Assert.Equal(0, found[2], 0.25);
            Assert.Equal((9.0, 9.0), (found[1], found[3]));
        }

        embedding.StartCompression(first, first);
        using (new TensorScope())
        {
            double[] found = embedding.Forward(Tensor.From([3, 0, 5, 9, 3, 0, 0, 9], new Shape(2, 4), DType.Float32)).ToArray();
            Assert.Equal(1, Math.Abs(found[0] - found[2]), 0.1);
        }
    }

    [Fact]
    public void Forward_WithGaps_DoesNotDependOnWhatIsBehindThem()
    {
        ObservationEmbedding embedding = ObservationEmbedding.Of(2, new NeuralPosteriorOptions { Missing = MissingValues.Embedded }.Observations, new Rng(2))!;
        Tensor fill = Tensor.From([0.25, -3.0], new Shape(2), DType.Float32);
        ParameterTree.Of(embedding).Entries.Single(e => e.Key == "fill").Value.Assign(fill);
        using var scope = new TensorScope();
        Assert.Equal(
            [0.25, 5, 0, 1, 4, -3, 1, 0],
            embedding.Forward(Tensor.From([double.NaN, 5, 4, double.NaN], new Shape(2, 2), DType.Float32)).ToArray());
    }

    [Fact]
    public void Gaps_WithoutTheOption_AreRefusedAndWithItNot()
    {
        double[] thetas = [.. Enumerable.Range(0, 40).Select(i => -0.9 + (0.045 * i))], xs = [.. thetas.SelectMany((t, i) => new[] { t, i % 3 == 0 ? double.NaN : t })];
        var bijection = new SupportBijection(Prior);
        var network = new NeuralPosteriorOptions { Flow = new FlowOptions { Kind = FlowKind.AffineAutoregressive, Transforms = 1, Hidden = 8, Blocks = 1 } };
        var training = new TrainingOptions { MaxEpochs = 2, BatchSize = 20 };
        Assert.Contains(
            "Missing = Embedded", Assert.Throws<ArgumentException>(() => NeuralPosteriorEstimation.Train(bijection, thetas, xs, 2, network, training, new Rng(1))).Message, StringComparison.Ordinal);

        NeuralPosteriorOptions gaps = network with { Missing = MissingValues.Embedded };
        NeuralPosterior posterior = NeuralPosteriorEstimation.Train(bijection, thetas, xs, 2, gaps, training, new Rng(1)).Posterior;
        double[] draws = new double[50], logs = new double[50], again = new double[50];
        posterior.Sample([0.1, double.NaN], draws, new Rng(2));
        posterior.LogProb([0.1, double.NaN], draws, logs);
        Assert.All(logs, log => Assert.True(double.IsFinite(log)));
        using (var scope = new TensorScope())
        {
            Tensor log = posterior.LogProb(Tensor.From(draws, new Shape(50, 1), DType.Float64), Tensor.From([0.1, double.NaN], new Shape(1, 2), DType.Float64));
            Assert.All(log.ToArray().Zip(logs), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }

        // Infinity is no gap.
        Assert.Throws<ArgumentException>(() => posterior.LogProb([0.1, double.PositiveInfinity], draws, logs));
        xs[1] = double.NegativeInfinity;
        Assert.Throws<ArgumentException>(() => NeuralPosteriorEstimation.Train(bijection, thetas, xs, 2, gaps, training, new Rng(1)));

        NeuralPosterior loaded = NeuralPosteriorEstimation.Untrained(bijection, 2, gaps);
        ModuleState.Import(loaded, ModuleState.Export(posterior));
        loaded.LogProb([0.1, double.NaN], draws, again);
        Assert.Equal(logs, again);
    }

    [Fact]
    public void FeatureScaling_WithGaps_IsThatOfWhatIsThere()
    {
        double[] full = [1, 4, 2, 5, 3, 6, 4, 9], gapped = [1, double.NaN, 4, double.NaN, 2, double.NaN, double.NaN, double.NaN, 5, double.NaN];
        FeatureScaling scaling = FeatureScaling.Fit(gapped, 2, MissingValues.Embedded), alone = FeatureScaling.Fit([1, 4, 2, 5], 1);
        double[] scaled = new double[2], one = new double[1];
        scaling.Apply([3, double.NaN], scaled);
        alone.Apply([3], one);
        Assert.Equal(one[0], scaled[0]);
        Assert.True(double.IsNaN(scaled[1]));
        Assert.Equal([1], scaling.ConstantFeatures);
        Assert.Throws<ArgumentException>(() => FeatureScaling.Fit(gapped, 2, MissingValues.Refused));

        double[] a = new double[8], b = new double[8];
        FeatureScaling.Fit(full, 2).Apply(full, a);
        FeatureScaling.Fit(full, 2, MissingValues.Embedded).Apply(full, b);
        Assert.Equal(a, b);
    }

    [Fact]
    public void Train_WithCompression_StartsAtComponentsAndKeepsThem()
    {
        // Twenty numbers that are one, twice as loud each: a flow on one compressed number learns theta from them.
        const int Rows = 2000;
        var rng = new Rng(5);
        double[] thetas = new double[Rows], xs = new double[20 * Rows];
        for (int i = 0; i < Rows; i++)
        {
            thetas[i] = rng.NextUniform(-1, 1);
            for (int j = 0; j < 20; j++)
            {
                xs[(20 * i) + j] = thetas[i] + (0.5 * rng.NextNormal());
            }
        }

        var network = new NeuralPosteriorOptions { Compression = 1, Flow = new FlowOptions { Kind = FlowKind.AffineAutoregressive, Transforms = 1, Hidden = 16, Blocks = 1 } };
        NeuralPosterior posterior = NeuralPosteriorEstimation.Train(
            new SupportBijection(Prior), thetas, xs, 20, network, new TrainingOptions { MaxEpochs = 40, BatchSize = 100, LearningRate = 5e-3, Schedule = RateSchedule.Cosine }, rng).Posterior;
        double[] draws = new double[5000];
        posterior.Sample([.. Enumerable.Repeat(0.2, 20)], draws, new Rng(2));

        // Exact: a normal of sd 0.5 / √20 = 0.112 around 0.2, the edges eight sds away.
        double mean = draws.Average(), sd = Math.Sqrt(draws.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(0.2, mean, 0.05);
        Assert.Equal(0.112, sd, 0.025);
    }
}
