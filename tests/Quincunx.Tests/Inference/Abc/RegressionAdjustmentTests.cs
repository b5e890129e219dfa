using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Abc;

public sealed class RegressionAdjustmentTests
{
    // Four standard errors: one seed in 16,000, for each number.
    private const double Bound = 4;

    // theta given x is normal with a mean linear in x and a variance that does not depend on it: adjusted draws are exact at any tolerance, here one that takes in a third of all simulations.
    [Fact]
    public void Linear_NormalLine_RecoversTheExactPosterior()
    {
        var options = new RejectionAbcOptions { Budget = 30_000, AcceptedShare = 0.3, Regression = new RegressionOptions() };
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.NormalPrior, options).Run([0.8], new Rng(1));

        Assert.True(result.Regression!.Applied);
        (double mean, double variance) = AbcProblems.NormalLine(0.8, 0).Deviations(result.Draws.Theta, result.Draws.Weights);
        Assert.InRange(mean, -Bound, Bound);
        Assert.InRange(variance, -Bound, Bound);

        // Without it, the same draws are too wide by many of them.
        AbcResult plain = new RejectionAbc(AbcProblems.Line, AbcProblems.NormalPrior, options with { Regression = null }).Run([0.8], new Rng(1));
        Assert.True(AbcProblems.NormalLine(0.8, 0).Deviations(plain.Draws.Theta, plain.Draws.Weights).Variance > 3 * Bound);
    }

    [Theory]
    [InlineData(AbcMetric.MedianDeviation)]
    [InlineData(AbcMetric.Mahalanobis)]
    public void Linear_CorrelatedPosterior_RecoversMeanAndCovariance(AbcMetric metric)
    {
        double[] observed = [0.5, -1];
        var options = new RejectionAbcOptions { Budget = 30_000, AcceptedShare = 0.2, Metric = metric, Regression = new RegressionOptions() };
        AbcDraws draws = new RejectionAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options).Run(observed, new Rng(2)).Draws;

        (double[] mean, double varianceA, double varianceB, double covariance) = AbcProblems.PlanePosterior(observed);
        double n = draws.EffectiveSampleSize, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
        for (int i = 0; i < draws.Count; i++)
        {
            double u = draws.Theta[2 * i] - mean[0], v = draws.Theta[(2 * i) + 1] - mean[1], w = draws.Weights[i];
            (a, b, aa, bb, ab) = (a + (w * u), b + (w * v), aa + (w * u * u), bb + (w * v * v), ab + (w * u * v));
        }

        Assert.InRange(a, -Bound * Math.Sqrt(varianceA / n), Bound * Math.Sqrt(varianceA / n));
        Assert.InRange(b, -Bound * Math.Sqrt(varianceB / n), Bound * Math.Sqrt(varianceB / n));
        Assert.InRange(aa / varianceA, 1 - (Bound * Math.Sqrt(2 / n)), 1 + (Bound * Math.Sqrt(2 / n)));
        Assert.InRange(bb / varianceB, 1 - (Bound * Math.Sqrt(2 / n)), 1 + (Bound * Math.Sqrt(2 / n)));

        // var(uv) = var(u) var(v) + cov(u, v)² for normal u and v.
        double error = Math.Sqrt(((varianceA * varianceB) + (covariance * covariance)) / n);
        Assert.InRange(ab, covariance - (Bound * error), covariance + (Bound * error));
    }

    // z = s² + (0.2 + 0.6 s²) e on [-1, 1], seen at s = 0: the mean is 0 and the deviation 0.2. A line sees a mean of about 0.2 and a deviation of about 0.35 there.
    [Fact]
    [Trait("Category", "Slow")]
    public void Neural_CurvedMeanAndChangingSpread_FindsBothAtTheObservation()
    {
        const int N = 4000;
        var rng = new Rng(3);
        double[] s = new double[N], z = new double[N];
        for (int i = 0; i < N; i++)
        {
            s[i] = rng.NextUniform(-1, 1);
            z[i] = (s[i] * s[i]) + ((0.2 + (0.6 * s[i] * s[i])) * rng.NextNormal());
        }

        var draws = new AbcDraws { Dimension = 1, Theta = z, Summaries = s, Distances = [.. s.Select(Math.Abs)], Weights = [.. s.Select(_ => 1.0 / N)] };
        var exact = new ExactCurve(-2, 2, v => Math.Exp(-0.5 * v * v / 0.04));
        (double mean, double deviation) line = Moments(RegressionKind.Linear), network = Moments(RegressionKind.Neural);
        Assert.True(line.mean > 0.1 && line.deviation > 0.28, $"{line}");

        // An eighth of the deviation for what the networks leave; their own noise is about 0.2 / √(N / 5) = 0.007.
        Assert.InRange(network.mean, exact.Mean - 0.03, exact.Mean + 0.03);
        Assert.InRange(network.deviation, 0.17, 0.23);

        (double Mean, double Deviation) Moments(RegressionKind kind)
        {
            var adjustment = new RegressionAdjustment(new SupportBijection([Support.Real]), AbcDistance.Fit(AbcMetric.Euclidean, s, 1), [0], new RegressionOptions { Kind = kind });
            (AbcDraws adjusted, RegressionReport report) = adjustment.Apply(draws, 1, new Rng(4), CancellationToken.None);
            Assert.True(report.Applied);
            Assert.Equal(0, report.Divergences);
            double mean = adjusted.Theta.Zip(adjusted.Weights, (v, w) => v * w).Sum();
            return (mean, Math.Sqrt(adjusted.Theta.Zip(adjusted.Weights, (v, w) => w * (v - mean) * (v - mean)).Sum()));
        }
    }

    // In logits: no adjustment leaves [0, 1], however near its edge.
    [Theory]
    [InlineData(RegressionKind.Linear)]
    [InlineData(RegressionKind.Neural)]
    public void Apply_BoundedPrior_StaysInside(RegressionKind kind)
    {
        var options = new RejectionAbcOptions { Budget = 2_000, AcceptedShare = 0.2, Regression = new RegressionOptions { Kind = kind, Networks = 1 } };
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.UniformPrior, options).Run([-0.5], new Rng(5));
        Assert.True(result.Regression!.Applied);
        Assert.All(result.Draws.Theta, t => Assert.InRange(t, double.Epsilon, 1));
        Assert.Equal(1, result.Draws.Weights.Sum(), 1e-12);
    }

    [Fact]
    public void Apply_TooFewDraws_LeavesThemAndSaysSo()
    {
        var options = new RejectionAbcOptions { Budget = 500, AcceptedShare = 0.01, Regression = new RegressionOptions() };
        AbcResult result = new RejectionAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options).Run([0, 0], new Rng(6));
        Assert.False(result.Regression!.Applied);
        Assert.Equal(5, result.Draws.Count);
        Assert.Contains(result.Advice, line => line.Contains("too few", StringComparison.Ordinal));
    }

    // Tolerance 0: all summaries are the observation, and there is nothing to adjust.
    [Fact]
    public void Apply_AllOnTheObservation_ChangesNothing()
    {
        var coin = new Tests.Inference.Simulation.StubSimulator(1, 1, (theta, x, rng) => x[0] = rng.NextDouble() < theta[0] ? 1 : 0);
        RejectionAbcOptions options = new() { Budget = 2_000, Tolerance = 0 };
        double[] plain = new RejectionAbc(coin, AbcProblems.UniformPrior, options).Run([1], new Rng(7)).Draws.Theta;
        double[] adjusted = new RejectionAbc(coin, AbcProblems.UniformPrior, options with { Regression = new RegressionOptions() }).Run([1], new Rng(7)).Draws.Theta;
        Assert.Equal(plain, adjusted, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Linear_CollinearSummaries_SharesTheSlope()
    {
        double[] x = [1, 2, 2, 4, 3, 6, 5, 10], y = [3, 6, 9, 15], w = [1, 1, 1, 1], fitted = new double[4];
        WeightedLeastSquares.Fit(x, 2, y, 1, w).Apply(x, fitted);
        Assert.Equal(y, fitted, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Constructor_DiscretePriorWithRegression_Throws()
    {
        var prior = new IndependentProduct(("k", new Categorical([0.5, 0.5])));
        Assert.Throws<ArgumentException>(() => new RejectionAbc(AbcProblems.Line, prior, new RejectionAbcOptions { Regression = new RegressionOptions() }));
        AbcResult result = new RejectionAbc(AbcProblems.Line, prior, new RejectionAbcOptions { Budget = 4_000, Tolerance = 0.2, Metric = AbcMetric.Euclidean }).Run([1], new Rng(8));
        Assert.All(result.Draws.Theta, t => Assert.True(t is 0 or 1));
    }
}
