using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Abc;

public sealed class AbcEstimatorTests
{
    private static readonly double[] Observed = [0.8, -0.4];
    private static readonly SupportBijection PlaneBijection = new(AbcProblems.PlanePrior);

    // 300 of 10,000 accepted, about 200 of them by weight: a mean has a standard error of 0.07 sd, a deviation of 5 %, and kernels widen it by less than a fifth.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sample_OfAPlane_HasTheExactMoments(bool learns)
    {
        AbcEstimator estimator = Plane(10_000, new AbcEstimatorOptions { Summary = learns ? new LearnedSummaryOptions { Powers = 1 } : null });
        double[] theta = new double[2 * 20_000];
        estimator.Sample(Observed, theta, new Rng(3));
        (double[] mean, double a, double b, double covariance) = AbcProblems.PlanePosterior(Observed);
        double[] first = [.. theta.Chunk(2).Select(t => t[0])], second = [.. theta.Chunk(2).Select(t => t[1])];
        Assert.InRange((first.Average() - mean[0]) / Math.Sqrt(a), -0.3, 0.3);
        Assert.InRange((second.Average() - mean[1]) / Math.Sqrt(b), -0.3, 0.3);
        Assert.InRange(Math.Sqrt(Covariance(first, first) / a), 0.8, 1.25);
        Assert.InRange(Math.Sqrt(Covariance(second, second) / b), 0.8, 1.25);
        Assert.InRange(Covariance(first, second) / covariance, 0.65, 1.55);
    }

    // Whole numbers: all simulations in the ball's bin are accepted, at a distance of 0. Exact: Beta(15, 7).
    [Fact]
    public void Sample_OnTheGaltonBoard_IsTheBetaPosterior()
    {
        const int Rows = 20, Bin = 14;
        var prior = new IndependentProduct(("theta", new Uniform(0, 1)));
        SimulationPairs pairs = new SimulationRunner(new GaltonBoard(Rows)).Run(prior, 0, 40_000, new Rng(1)).Successful();
        var estimator = AbcEstimator.Fit(new SupportBijection(prior), pairs.Theta, pairs.X, 1, new AbcEstimatorOptions(), new Rng(2));
        double[] theta = new double[20_000];
        estimator.Sample([Bin], theta, new Rng(3));
        double a = Bin + 1, b = Rows - Bin + 1, exact = a / (a + b), sd = Math.Sqrt(a * b / ((a + b) * (a + b) * (a + b + 1)));

        // About 1,900 draws, 4 of their standard errors; the kernels of so many are narrow.
        Assert.InRange(theta.Average(), exact - (4 * sd / Math.Sqrt(1900)), exact + (4 * sd / Math.Sqrt(1900)));
        Assert.InRange(Math.Sqrt(Covariance(theta, theta)) / sd, 0.93, 1.15);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Import_OfAnExport_GivesTheSameNumbers(bool learns)
    {
        var options = new AbcEstimatorOptions { Summary = learns ? new LearnedSummaryOptions { Hidden = [8], Training = new() { MaxEpochs = 3 } } : null };
        AbcEstimator estimator = Plane(600, options), loaded = AbcEstimator.Untrained(PlaneBijection, 600, 2, options);
        StateFile.Carry(estimator, loaded);
        double[] theta = [0.1, 0.2, -0.5, 0.9], expected = new double[2], actual = new double[2], drawn = new double[8], again = new double[8];
        estimator.LogProb(Observed, theta, expected);
        loaded.LogProb(Observed, theta, actual);
        Assert.Equal(expected, actual);
        estimator.SampleMany([.. Observed, 0, 0], 2, drawn, new Rng(5));
        loaded.SampleMany([.. Observed, 0, 0], 2, again, new Rng(5));
        Assert.Equal(drawn, again);
        loaded.LogProbPairs(theta, [.. Observed, .. Observed], actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Sample_WithoutNeighbours_IsNotANumber()
    {
        double[] theta = new double[4], log = new double[2];
        AbcEstimator estimator = Plane(500, new AbcEstimatorOptions { Tolerance = 1e-9 });
        estimator.Sample(Observed, theta, new Rng(1));
        estimator.LogProb(Observed, theta, log);
        Assert.All([.. theta, .. log], v => Assert.True(double.IsNaN(v)));
        Plane(500, new AbcEstimatorOptions()).Sample([double.NaN, 0], theta, new Rng(1));
        Assert.All(theta, v => Assert.True(double.IsNaN(v)));
    }

    [Fact]
    public void Fit_BadInput_SaysWhatWasExpected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Plane(100, new AbcEstimatorOptions { Quantile = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plane(100, new AbcEstimatorOptions { Tolerance = double.NaN }));
        Assert.Throws<ArgumentException>(() => Plane(100, new AbcEstimatorOptions { Quantile = 0.1, Tolerance = 1 }));
        Assert.Throws<ArgumentException>(() => AbcEstimator.Fit(PlaneBijection, [1, 2, 3], [1, 2], 2, new AbcEstimatorOptions(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => AbcEstimator.Fit(PlaneBijection, [1, 2], [1, double.NaN], 2, new AbcEstimatorOptions(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => Plane(100, new AbcEstimatorOptions()).Sample([1], new double[2], new Rng(1)));
    }

    // Draws of the first round's density, in the tail of the prior. Rows without weights would give the prior twice over: a mean of 1.78 where 1.6 is right.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void PopulationFit_OfRounds_HasTheExactMean(int rounds)
    {
        const double At = 2;
        var prior = AbcProblems.NormalPrior;
        var options = new AbcEstimatorOptions { Regression = null };
        var runner = new SimulationRunner(AbcProblems.Line);
        List<SimulationPairs> pairs = [runner.Run(prior, 0, 3000, new Rng(1)).Successful()];
        AbcEstimator estimator = PopulationAbc.Fit(prior, pairs, [At], options, new Rng(2));
        for (int round = 2; round <= rounds; round++)
        {
            double[] proposed = new double[3000];
            estimator.Unadjusted.Sample([At], proposed, new Rng(10).Split(round));
            pairs.Add(runner.Run(proposed, 0, new Rng(20).Split(round)).Successful());
            estimator = PopulationAbc.Fit(prior, pairs, [At], options, new Rng(2));
        }

        double[] theta = new double[20_000];
        estimator.Sample([At], theta, new Rng(3));

        // The precision is 1 + 4, from some 150 effective draws; three and a half standard errors.
        Assert.InRange(theta.Average(), 1.6 - (3.5 * Math.Sqrt(0.2 / 150)), 1.6 + (3.5 * Math.Sqrt(0.2 / 150)));
        Assert.InRange(Covariance(theta, theta), 0.2 * 0.6, 0.2 * 1.6);
    }

    [Fact]
    public void PopulationFit_WithoutRounds_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PopulationAbc.Fit(AbcProblems.NormalPrior, [], [0], new AbcEstimatorOptions(), new Rng(1)));

    private static AbcEstimator Plane(int count, AbcEstimatorOptions options)
    {
        SimulationPairs pairs = new SimulationRunner(AbcProblems.Plane).Run(AbcProblems.PlanePrior, 0, count, new Rng(1)).Successful();
        return AbcEstimator.Fit(PlaneBijection, pairs.Theta, pairs.X, 2, options, new Rng(2));
    }

    private static double Covariance(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        return a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Average();
    }
}
