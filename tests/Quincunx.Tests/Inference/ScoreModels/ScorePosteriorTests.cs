using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.ScoreModels;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Flows;
using Quincunx.Tests.Inference.Npe;

namespace Quincunx.Tests.Inference.ScoreModels;

/// <summary>What holds for any weights.</summary>
public sealed class ScorePosteriorTests
{
    private static readonly double[] X = [0.4, 1.2];

    public static TheoryData<NoisePath> Paths => [.. Enum.GetValues<NoisePath>()];

    [Theory, MemberData(nameof(Paths))]
    public void LogProb_OverTheSupport_IntegratesToOneAndFitsTheDraws(NoisePath path)
    {
        var prior = new Uniform(-1, 2);
        ScorePosterior posterior = Scattered(prior, path);
        EstimatorChecks.AssertIntegratesToOne(posterior, prior, X);
        EstimatorChecks.AssertDrawsFitTheDensity(posterior, prior, X);
    }

    [Fact]
    public void LogProb_OverABox_IntegratesToOne()
    {
        var prior = new Box([-1, 0], [3, 0.5]);
        EstimatorChecks.AssertIntegratesToOne(Scattered(prior, NoisePath.OptimalTransport), prior, X);
    }

    [Fact]
    public void LogProb_ByNoise_IsUnbiasedInOneDimensionAndClose()
    {
        // In one dimension ε² = 1 for signs, so the estimate is exact; in two it is not.
        foreach (IDistribution prior in (IDistribution[])[new Uniform(-1, 2), new Box([-1, 0], [3, 0.5])])
        {
            ScorePosterior exact = Scattered(prior, NoisePath.OptimalTransport);
            ScorePosterior estimated = exact.With(exact.Sampling with { Divergence = TraceNoise.Rademacher });
            double[] thetas = new double[2000 * prior.Dimension], logs = new double[2000], others = new double[2000];
            exact.Sample(X, thetas, new Rng(2));
            exact.LogProb(X, thetas, logs);
            estimated.LogProb(X, thetas, others);
            double[] difference = [.. logs.Zip(others, (a, b) => a - b)];
            double mean = difference.Average(), largest = difference.Max(Math.Abs), error = Math.Sqrt(difference.Average(e => (e - mean) * (e - mean)) / 2000);
            Assert.InRange(Math.Abs(mean), 0, (5 * error) + 1e-5);
            Assert.True(prior.Dimension == 1 ? largest < 1e-4 : largest > 1e-3, $"Largest difference {largest}.");
        }
    }

    [Fact]
    public void State_Imported_GivesTheSameBits()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new LogNormal(0, 1)), ("c", new Uniform(-1, 2)));
        var options = new FlowMatchingOptions { Network = Small };
        ScorePosterior posterior = FlowMatching.Untrained(new SupportBijection(prior), X.Length, options);
        BijectionCases.Scatter(posterior, new Rng(3), 0.1);
        EstimatorChecks.AssertStateCarriesAll(posterior, FlowMatching.Untrained(new SupportBijection(prior), X.Length, options), X);
    }

    // Exact divergences of many parameters go through the network in parts; rows know nothing of each other.
    [Fact]
    public void LogProb_OfManyParameters_IsThatOfEachRow()
    {
        const int D = 24, Rows = 700;
        ScorePosterior posterior = Scattered(new IndependentProduct([.. Enumerable.Range(0, D).Select(i => ($"a{i}", (IDistribution)new Normal(0, 1)))]), NoisePath.OptimalTransport);
        double[] thetas = new double[Rows * D], logs = new double[Rows], pairs = new double[Rows], one = new double[1];
        posterior.Sample(X, thetas, new Rng(2));
        posterior.LogProb(X, thetas, logs);
        posterior.LogProbPairs(thetas, [.. Enumerable.Range(0, Rows).SelectMany(_ => X)], pairs);
        Assert.All(logs.Zip(pairs), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        foreach (int row in (int[])[0, 340, 341, 350, Rows - 1])
        {
            posterior.LogProb(X, thetas.AsSpan(row * D, D), one);
            Assert.Equal(one[0], logs[row], 1e-4);
        }
    }

    [Fact]
    public void LogProb_OutsideTheSupport_IsMinusInfinity()
    {
        double[] logs = new double[3];
        Scattered(new Uniform(-1, 2), NoisePath.OptimalTransport).LogProb(X, [0, -1.5, double.NaN], logs);
        Assert.True(double.IsFinite(logs[0]));
        Assert.Equal([double.NegativeInfinity, double.NaN], logs[1..]);
    }

    [Fact]
    public void Options_OutOfRange_SayWhatIsExpected()
    {
        ScorePosterior posterior = Scattered(new Uniform(-1, 2), NoisePath.OptimalTransport);
        Assert.Contains("ProbabilityFlow", Assert.Throws<ArgumentException>(() => posterior.With(new ScoreSampling { Sampler = ScoreSampler.ReverseDiffusion })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => posterior.With(new ScoreSampling { FlowSteps = 0 }));
        var bijection = new SupportBijection(new Uniform(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowMatching.Untrained(bijection, 1, new FlowMatchingOptions { TimeShift = double.NaN }));
        Assert.Contains("VarianceExploding", Assert.Throws<ArgumentException>(
            () => FlowMatching.Untrained(bijection, 1, new FlowMatchingOptions { Path = NoisePath.VarianceExploding })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => posterior.Sample([1, double.NaN], new double[3], new Rng(1)));
        Assert.Throws<ArgumentException>(() => FlowMatching.Train(bijection, [0.1, 0.2], [1, 2, 3], 1, new FlowMatchingOptions(), FlowMatching.DefaultTraining, new Rng(1)));
        Assert.Throws<ArgumentException>(() => FlowMatching.Train(bijection, [0.1, 1.2], [1, 2], 1, new FlowMatchingOptions(), FlowMatching.DefaultTraining, new Rng(1)));
    }

    private static ScoreNetworkOptions Small => new() { Width = 16, Blocks = 1, EmbeddingWidth = 8 };

    private static ScorePosterior Scattered(IDistribution prior, NoisePath path)
    {
        var posterior = new ScorePosterior(PosteriorCoordinates.Untrained(new SupportBijection(prior), X.Length), path, Small, new ScoreSampling(), new Rng(4));
        BijectionCases.Scatter(posterior, new Rng(5), 0.1);
        return posterior;
    }
}
