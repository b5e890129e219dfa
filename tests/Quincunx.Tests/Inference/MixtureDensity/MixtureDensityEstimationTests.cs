using Quincunx.Inference.Distributions;
using Quincunx.Inference.MixtureDensity;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Flows;
using Quincunx.Tests.Inference.Npe;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.MixtureDensity;

public sealed class MixtureDensityEstimationTests(ITestOutputHelper output)
{
    private static readonly double[] X = [0.4, 1.2];

    [Theory]
    [InlineData("galton-board", 0, 4, 4000)]
    [InlineData("gaussian-linear", 1, 1, 4000)]
    [InlineData("gaussian-linear", 2, 2, 4000)]
    [InlineData("gaussian-linear", 5, 1, 15_000)]
    public void Train_OnAnExactProblem_FindsThePosterior(string name, int dimension, int components, int simulations)
    {
        PosteriorCase problem = dimension == 0 ? PosteriorCases.Of(name) : PosteriorCases.LinearGaussian(dimension);
        EstimatorChecks.AssertIsPosterior(Train(problem, components, simulations).Posterior, problem, output, divergence: 0.02 * (1 + dimension));
    }

    [Fact]
    public void Components_OfALinearGaussian_AreItsPosterior()
    {
        PosteriorCase problem = PosteriorCases.LinearGaussian(2);
        NormalComponent found = Assert.Single(Train(problem, components: 1).Posterior.Components([0.5, -1]));
        (double[] mean, double[] covariance) = problem.Moments([0.5, -1]);

        // What is left is the error of a network trained on 4,000 pairs.
        Assert.All(found.Mean.Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 0.1));
        Assert.All(found.Covariance.Zip(covariance), pair => Assert.Equal(pair.Second, pair.First, 0.05));
    }

    [Fact]
    public void LogProb_IntegratesToOneAndFitsTheDraws()
    {
        var line = new Uniform(-1, 2);
        MixturePosterior posterior = Scattered(line);
        EstimatorChecks.AssertIntegratesToOne(posterior, line, X);
        EstimatorChecks.AssertDrawsFitTheDensity(posterior, line, X);
        var box = new Box([-1, 0], [3, 0.5]);
        EstimatorChecks.AssertIntegratesToOne(Scattered(box), box, X);
    }

    [Fact]
    public void State_Imported_GivesTheSameBits()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new LogNormal(0, 1)), ("c", new Uniform(-1, 2)));
        EstimatorChecks.AssertStateCarriesAll(Scattered(prior), MixtureDensityEstimation.Untrained(new SupportBijection(prior), X.Length, Small(3)), X);
    }

    [Fact]
    public void Calls_WithWrongNumbers_SayWhatIsExpected()
    {
        var bijection = new SupportBijection(new Uniform(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MixtureDensityEstimation.Untrained(bijection, 1, new MixtureDensityOptions { Components = 0 }));
        Assert.Throws<ArgumentException>(() => MixtureDensityEstimation.Train(bijection, [0.1, 1.2], [1, 2], 1, Small(2), new TrainingOptions(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => Scattered(new Uniform(0, 1)).Components([1, double.NaN]));
    }

    private static MixtureDensityOptions Small(int components) => new() { Components = components, Width = 24, Blocks = 1 };

    private static MixturePosterior Scattered(IDistribution prior)
    {
        MixturePosterior posterior = MixtureDensityEstimation.Untrained(new SupportBijection(prior), X.Length, Small(3));
        BijectionCases.Scatter(posterior, new Rng(5), 0.1);
        return posterior;
    }

    private static MixtureDensityResult Train(PosteriorCase problem, int components, int simulations = 4000)
    {
        (double[] thetas, double[] xs) = problem.Draw(simulations, new Rng(41));
        TrainingOptions training = new() { MaxEpochs = 30, LearningRate = 3e-3, Schedule = RateSchedule.Cosine, AverageDecay = 0.98 };
        return MixtureDensityEstimation.Train(new SupportBijection(problem.Prior), thetas, xs, problem.Features, Small(components), training, new Rng(42));
    }
}
