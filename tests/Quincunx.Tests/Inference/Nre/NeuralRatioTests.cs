using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Networks;

namespace Quincunx.Tests.Inference.Nre;

public sealed class NeuralRatioTests
{
    private static readonly double[] X = [0.4, 1.2];
    private static readonly IndependentProduct Mixed = new(("a", new Normal(0, 2)), ("b", new LogNormal(0, 1)), ("c", new Uniform(-1, 2)));

    [Fact]
    public void LogLikelihoodPairs_GradientInTheta_MatchesCentralDifferences()
    {
        const int Rows = 20;
        const double Step = 1e-5;
        NeuralRatio ratio = Create(DType.Float64, Activation.Tanh);
        (double[] thetas, double[] xs) = Pairs(Rows);
        double[] logs = new double[Rows], gradients = new double[thetas.Length], above = new double[Rows], below = new double[Rows];
        ratio.LogLikelihoodPairs(thetas, xs, logs, gradients);
        ratio.LogLikelihoodPairs(thetas, xs, above);
        Assert.Equal(logs, above);
        for (int j = 0; j < 3; j++)
        {
            ratio.LogLikelihoodPairs([.. thetas.Select((t, i) => i % 3 == j ? t + Step : t)], xs, above);
            ratio.LogLikelihoodPairs([.. thetas.Select((t, i) => i % 3 == j ? t - Step : t)], xs, below);
            for (int i = 0; i < Rows; i++)
            {
                double numeric = (above[i] - below[i]) / (2 * Step);
                Assert.Equal(numeric, gradients[(i * 3) + j], 1e-6 * (1 + Math.Abs(numeric)));
            }
        }
    }

    [Fact]
    public void LogLikelihood_AgreesWithPairsOfTheSameObservation()
    {
        // More than a block, in parts that are none: each number must be that of its own row.
        const int Rows = 2500;
        NeuralRatio ratio = Create();
        (double[] thetas, _) = Pairs(Rows);
        double[] xs = [.. Enumerable.Repeat(X, Rows).SelectMany(x => x)], one = new double[Rows], pairs = new double[Rows], withGradient = new double[Rows], part = new double[7];
        ratio.LogLikelihood(X, thetas, one);
        ratio.LogLikelihoodPairs(thetas, xs, pairs);
        ratio.LogLikelihoodPairs(thetas, xs, withGradient, new double[thetas.Length]);
        ratio.LogLikelihood(X, thetas.AsSpan(3 * 1500, 21), part);
        for (int i = 0; i < Rows; i++)
        {
            Assert.Equal(one[i], pairs[i], 1e-5);       // other matrix shapes round differently, in float32
            Assert.Equal(one[i], withGradient[i], 1e-5);
        }

        Assert.All(part.Zip(one[1500..]), p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    [Fact]
    public void State_Imported_GivesTheSameNumbers()
    {
        NeuralRatio ratio = Create(), other = NeuralRatioEstimation.Untrained(new SupportBijection(Mixed), 2, ratio.Options);
        (double[] thetas, double[] xs) = Pairs(100);
        double[] before = new double[100], after = new double[100];
        ratio.LogLikelihoodPairs(thetas, xs, before);

        ModuleState.Import(other, ModuleState.Export(ratio));

        other.LogLikelihoodPairs(thetas, xs, after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void LogLikelihood_WithWrongLengthsOrNaN_SaysWhatIsExpected()
    {
        NeuralRatio ratio = Create();
        double[] thetas = [0, 1, 0, 0, 1, 0], logs = new double[2];
        Assert.Contains("1 observations of 2", Assert.Throws<ArgumentException>(() => ratio.LogLikelihood([1, 2, 3], thetas, logs)).Message, StringComparison.Ordinal);
        Assert.Contains("2 rows of 3", Assert.Throws<ArgumentException>(() => ratio.LogLikelihood(X, new double[5], logs)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN as number 1", Assert.Throws<ArgumentException>(() => ratio.LogLikelihood([1, double.NaN], thetas, logs)).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3], got 5", Assert.Throws<ArgumentException>(() => ratio.LogLikelihoodPairs(thetas, [1, 2, 3, 4], logs, new double[5])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ratio.LogLikelihood(X, [0, -1, 0, 0, 1, 0], logs));
        Assert.Throws<ArgumentException>(() => ratio.LogLikelihoodPairs(thetas, [1, 2, 3, double.NegativeInfinity], logs));
    }

    [Fact]
    public void Train_OnBadRows_Throws()
    {
        var bijection = new SupportBijection(new Uniform(0, 1));
        void Train(double[] thetas, double[] xs) => NeuralRatioEstimation.Train(bijection, thetas, xs, 1, new NeuralRatioOptions(), new TrainingOptions(), new Rng(1));
        Assert.Contains("got 2 and 3", Assert.Throws<ArgumentException>(() => Train([0.1, 0.2], [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2", Assert.Throws<ArgumentException>(() => Train([0.1], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Train([0.1, 1.2], [1, 2]));
        Assert.Throws<ArgumentException>(() => Train([0.1, 0.2], [double.NaN, 2]));
    }

    private static NeuralRatio Create(DType dtype = DType.Float32, Activation activation = Activation.Relu)
    {
        var options = new NeuralRatioOptions { Width = 6, Blocks = 1, Activation = activation, Embedding = new MlpEmbeddingOptions { Hidden = [4], Outputs = 3 }, DType = dtype };
        (double[] thetas, double[] xs) = Pairs(200);
        var bijection = new SupportBijection(Mixed);
        bijection.ToUnconstrained(thetas, thetas);
        var ratio = new NeuralRatio(bijection, Standardise.Fit(thetas, 3), FeatureScaling.Fit(xs, 2), options, new Rng(2));
        Parameters.Randomise(ratio, new Rng(3));
        return ratio;
    }

    private static (double[] Thetas, double[] Xs) Pairs(int count)
    {
        var rng = new Rng(7);
        double[] thetas = new double[3 * count], xs = new double[2 * count];
        for (int i = 0; i < count; i++)
        {
            Mixed.Sample(thetas.AsSpan(3 * i, 3), rng);
        }

        rng.FillNormal(xs);
        return (thetas, xs);
    }
}
