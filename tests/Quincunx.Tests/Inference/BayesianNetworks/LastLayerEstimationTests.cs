using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Npe;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.BayesianNetworks;

public sealed class LastLayerEstimationTests(ITestOutputHelper output)
{
    private static readonly double[] X = [0.4, 1.2];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    public void LogEvidence_IsTheProductOfPredictiveDensities(int d, int hidden)
    {
        // p(y₁, …, yₙ) = Π p(yᵢ | those before it): the evidence is of one formula, and the predictive densities are of another.
        const int Rows = 7, Features = 2;
        const double Psi = 0.3;
        var rng = new Rng(3);
        double[] x = new double[Rows * Features], y = new double[Rows * d], weights = new double[hidden * Features], biases = new double[hidden];
        rng.FillNormal(x);
        rng.FillNormal(y);
        rng.FillNormal(weights);
        rng.FillNormal(biases);
        var bijection = new SupportBijection(new IndependentProduct([.. Enumerable.Range(0, d).Select(i => ($"theta_{i}", (IDistribution)new Normal(0, 1)))]));
        var coordinates = PosteriorCoordinates.Untrained(bijection, Features);
        double[] scaled = new double[x.Length], variances = LastLayerEstimation.Variances(Features, hidden, 1.5, 0.7), phi;
        coordinates.X.Apply(x, scaled);
        phi = LastLayerEstimation.Design(scaled, Features, weights, biases);
        int p = variances.Length;
        double sum = 0;
        for (int i = 0; i < Rows; i++)
        {
            var posterior = new LastLayerPosterior(coordinates, hidden);
            posterior.Assign(weights, biases, new MatrixRegression(phi.AsSpan(0, i * p), y.AsSpan(0, i * d), variances, d), Psi, d + 1 + i - d + 1);
            double[] log = new double[1];
            posterior.LogProb(x.AsSpan(i * Features, Features), y.AsSpan(i * d, d), log);
            sum += log[0];
        }

        Assert.Equal(sum, new MatrixRegression(phi, y, variances, d).LogEvidence(Psi, d + 1), 1e-9);
    }

    [Fact]
    public void Fit_OnALinearGaussian_FindsThePosterior()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        (double[] thetas, double[] xs) = problem.Draw(2000, new Rng(41));
        LastLayerResult result = LastLayerEstimation.Fit(new SupportBijection(problem.Prior), thetas, xs, problem.Features, new LastLayerOptions { Hidden = 16 }, new Rng(42));
        output.WriteLine($"{result}");
        EstimatorChecks.AssertIsPosterior(result.Posterior, problem, output);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Fit_On32Simulations_CoversWhatItSays()
    {
        // A well-specified problem, over 60 sets of 32 simulations.
        const int Sets = 60, Few = 32, Held = 200;
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        double[] covered = new double[Sets];
        for (int set = 0; set < Sets; set++)
        {
            (double[] thetas, double[] xs) = problem.Draw(Few, new Rng(5).Split(set));
            (double[] held, double[] heldXs) = problem.Draw(Held, new Rng(6).Split(set));
            LastLayerPosterior posterior = LastLayerEstimation.Fit(new SupportBijection(problem.Prior), thetas, xs, 2, new LastLayerOptions { Hidden = 16 }, new Rng(7).Split(set)).Posterior;
            covered[set] = Intervals.Covered(posterior, held, heldXs, 0.9, new Rng(8));
        }

        double mean = covered.Average(), error = Math.Sqrt(covered.Average(c => (c - mean) * (c - mean)) / (Sets - 1));
        output.WriteLine($"{mean:F3} ± {error:F3}");

        // Calibrated on average over what the prior thinks likely; four standard errors for these sets, and no less than the promise of 0.88.
        Assert.InRange(mean, Math.Max(0.88, 0.9 - (4 * error)), 0.9 + (4 * error) + 0.02);
    }

    [Fact]
    public void Page_Example_IsWideAboutTheExactPosterior()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        IDistribution prior = problem.Prior;
        (double[] thetas, double[] xs) = problem.Draw(32, new Rng(5));
        double[] draws = new double[2 * 4000];
        // snippet: last-layer
        LastLayerResult result = LastLayerEstimation.Fit(new SupportBijection(prior), thetas, xs, features: 2, new LastLayerOptions(), new Rng(seed: 1));

        result.Posterior.Sample(x: [0.5, -1], draws, new Rng(seed: 2));
        // end-snippet
        (double[] exact, double[] covariance) = problem.Moments([0.5, -1]);
        double mean = Enumerable.Range(0, 4000).Average(i => draws[2 * i]), sd = Math.Sqrt(Enumerable.Range(0, 4000).Average(i => Math.Pow(draws[2 * i] - mean, 2)));

        // 32 simulations know a mean of residuals to 1/√32 of their width at best, and widths to 1/√64: three of each, and more to the wide side.
        Assert.Equal(exact[0], mean, 3 * Math.Sqrt(covariance[0]));
        Assert.InRange(sd / Math.Sqrt(covariance[0]), 0.6, 2.5);
        Assert.Equal(32 + 2, result.Posterior.DegreesOfFreedom);
    }

    [Fact]
    public void LogProb_IntegratesToOneAndFitsTheDraws()
    {
        var line = new Uniform(-1, 2);
        LastLayerPosterior posterior = Fitted(line);
        EstimatorChecks.AssertIntegratesToOne(posterior, line, X, edge: 60);     // tails of a t
        EstimatorChecks.AssertDrawsFitTheDensity(posterior, line, X);
        var box = new Box([-1, 0], [3, 0.5]);
        EstimatorChecks.AssertIntegratesToOne(Fitted(box), box, X, edge: 25);
    }

    [Fact]
    public void State_Imported_GivesTheSameBits()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new LogNormal(0, 1)), ("c", new Uniform(-1, 2)));
        EstimatorChecks.AssertStateCarriesAll(Fitted(prior), LastLayerEstimation.Untrained(new SupportBijection(prior), X.Length, new LastLayerOptions { Hidden = 8 }), X);
    }

    [Fact]
    public void Calls_WithWrongNumbers_SayWhatIsExpected()
    {
        var bijection = new SupportBijection(new Uniform(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LastLayerEstimation.Untrained(bijection, 1, new LastLayerOptions { Hidden = -1 }));
        Assert.Throws<ArgumentException>(() => LastLayerEstimation.Fit(bijection, [0.1, 1.2], [1, 2], 1, new LastLayerOptions(), new Rng(1)));
        Assert.ThrowsAny<ArgumentException>(() => LastLayerEstimation.Fit(bijection, [0.1], [1], 1, new LastLayerOptions(), new Rng(1)));
        LastLayerPosterior posterior = Fitted(new Uniform(0, 1));
        Assert.Throws<ArgumentException>(() => posterior.Sample([1, double.NaN], new double[1], new Rng(1)));
        Assert.Throws<ArgumentException>(() => posterior.LogProb(X, new double[2], new double[1]));
        double[] logs = new double[2];
        posterior.LogProb(X, [1.5, double.NaN], logs);
        Assert.Equal([double.NegativeInfinity, double.NaN], logs);
    }

    private static LastLayerPosterior Fitted(IDistribution prior)
    {
        const int Rows = 40;
        int d = prior.Dimension;
        double[] thetas = new double[Rows * d], xs = new double[Rows * 2];
        var rng = new Rng(9);
        for (int i = 0; i < Rows; i++)
        {
            prior.Sample(thetas.AsSpan(i * d, d), rng);
            (xs[2 * i], xs[(2 * i) + 1]) = (thetas[i * d] + rng.NextNormal(), rng.NextNormal());
        }

        return LastLayerEstimation.Fit(new SupportBijection(prior), thetas, xs, 2, new LastLayerOptions { Hidden = 8 }, new Rng(10)).Posterior;
    }
}
