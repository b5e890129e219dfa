using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Inference.Simulation;
using Quincunx.Tests.Inference.Training;

namespace Quincunx.Tests.Inference.Abc;

public sealed class SmcAbcTests
{
    // Four standard errors, for each number.
    private const double Bound = 4;

    // Whatever the kernel and the rule, the draws are from the posterior at the tolerance where the run ended.
    [Theory]
    [InlineData(SmcKernelKind.Gaussian, ToleranceRule.Quantile)]
    [InlineData(SmcKernelKind.Gaussian, ToleranceRule.EffectiveSize)]
    [InlineData(SmcKernelKind.NearestNeighbours, ToleranceRule.Quantile)]
    [InlineData(SmcKernelKind.NearestNeighbours, ToleranceRule.EffectiveSize)]
    [InlineData(SmcKernelKind.OptimalMultivariate, ToleranceRule.Quantile)]
    [InlineData(SmcKernelKind.OptimalMultivariate, ToleranceRule.EffectiveSize)]
    [InlineData(SmcKernelKind.OptimalLocal, ToleranceRule.Quantile)]
    [InlineData(SmcKernelKind.OptimalLocal, ToleranceRule.EffectiveSize)]
    public void Run_NormalLine_DrawsFromThePosteriorAtItsTolerance(SmcKernelKind kernel, ToleranceRule rule)
    {
        foreach (bool recycle in new[] { true, false })
        {
            var options = new SmcAbcOptions { Budget = 30_000, Particles = 800, Kernel = kernel, Rule = rule, Tolerance = 0.3, Recycle = recycle };
            AbcResult result = new SmcAbc(AbcProblems.Line, AbcProblems.NormalPrior, options).Run([1.5], new Rng(1));

            Assert.Equal(AbcStopReason.ToleranceReached, result.StopReason);
            Assert.Equal(0.3, result.Populations[^1].Tolerance);
            Assert.Equal(result.Simulations, result.Populations.Sum(p => p.Simulations));
            Assert.True(result.Draws.EffectiveSampleSize > 400);
            (double mean, double variance) = AbcProblems.NormalLine(1.5, 0.3 * result.Distance!.Scale[0]).Deviations(result.Draws.Theta, result.Draws.Weights);
            Assert.InRange(mean, -Bound, Bound);
            Assert.InRange(variance, -Bound, Bound);
        }
    }

    [Fact]
    public void Run_GaltonBoard_ReachesTheExactPosterior()
    {
        var options = new SmcAbcOptions { Budget = 40_000, Particles = 1_000, Regression = new RegressionOptions() };
        AbcResult result = new SmcAbc(new GaltonBoard(rows: 20), AbcProblems.UniformPrior, options).Run([14], new Rng(2));

        Assert.Equal((AbcStopReason.ToleranceReached, 0.0), (result.StopReason, result.Tolerance));
        Assert.All(result.Draws.Distances, d => Assert.Equal(0, d));
        (double mean, double variance) = new ExactCurve(0, 1, t => Math.Pow(t, 14) * Math.Pow(1 - t, 6)).Deviations(result.Draws.Theta, result.Draws.Weights);
        Assert.InRange(mean, -Bound, Bound);
        Assert.InRange(variance, -Bound, Bound);
    }

    [Fact]
    public void Run_BoundedPrior_DrawsFromTheTruncatedPosterior()
    {
        var options = new SmcAbcOptions { Budget = 60_000, Particles = 800, Tolerance = 0.2 };
        AbcResult result = new SmcAbc(AbcProblems.Line, AbcProblems.UniformPrior, options).Run([-0.4], new Rng(3));
        Assert.Equal(AbcStopReason.ToleranceReached, result.StopReason);
        (double mean, double variance) = AbcProblems.UniformLine(-0.4, 0.2 * result.Distance!.Scale[0]).Deviations(result.Draws.Theta, result.Draws.Weights);
        Assert.InRange(mean, -Bound, Bound);
        Assert.InRange(variance, -Bound, Bound);
    }

    // Linear and normal, so the regression is exact at any tolerance, and on weights from many proposals.
    [Fact]
    public void Run_CorrelatedPosteriorWithRegression_RecoversMeanAndCovariance()
    {
        double[] observed = [2, -1];
        var options = new SmcAbcOptions { Budget = 12_000, Particles = 1_500, Kernel = SmcKernelKind.OptimalLocal, Regression = new RegressionOptions() };
        AbcResult result = new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options).Run(observed, new Rng(4));
        Assert.Equal((AbcStopReason.BudgetExhausted, 12_000L), (result.StopReason, result.Simulations));

        (double[] mean, double varianceA, double varianceB, double covariance) = AbcProblems.PlanePosterior(observed);
        AbcDraws draws = result.Draws;
        double n = draws.EffectiveSampleSize, a = 0, b = 0, ab = 0;
        for (int i = 0; i < draws.Count; i++)
        {
            double u = draws.Theta[2 * i] - mean[0], v = draws.Theta[(2 * i) + 1] - mean[1];
            (a, b, ab) = (a + (draws.Weights[i] * u), b + (draws.Weights[i] * v), ab + (draws.Weights[i] * u * v));
        }

        Assert.InRange(a, -Bound * Math.Sqrt(varianceA / n), Bound * Math.Sqrt(varianceA / n));
        Assert.InRange(b, -Bound * Math.Sqrt(varianceB / n), Bound * Math.Sqrt(varianceB / n));
        double error = Math.Sqrt(((varianceA * varianceB) + (covariance * covariance)) / n);
        Assert.InRange(ab, covariance - (Bound * error), covariance + (Bound * error));
    }

    // Data that say nothing: the posterior is the prior at every tolerance, here uniform on a triangle, which proposals leave.
    [Fact]
    public void Run_PriorOnATriangleAndNoInformation_StaysThePrior()
    {
        var noise = new StubSimulator(2, 1, (theta, x, rng) => x[0] = rng.NextNormal());
        AbcResult result = new SmcAbc(noise, new Triangle(), new SmcAbcOptions { Budget = 20_000, Particles = 1_000, MaxPopulations = 3 }).Run([0], new Rng(5));

        Assert.Equal((AbcStopReason.Completed, 3), (result.StopReason, result.Populations.Count));
        double n = result.Draws.EffectiveSampleSize, lower = 0, upper = 0;
        for (int i = 0; i < result.Draws.Count; i++)
        {
            (double a, double b, double w) = (result.Draws.Theta[2 * i], result.Draws.Theta[(2 * i) + 1], result.Draws.Weights[i]);
            Assert.True(a <= b);
            (lower, upper) = (lower + (w * a), upper + (w * b));
        }

        double error = Bound / Math.Sqrt(18 * n);
        Assert.InRange(lower, (1.0 / 3) - error, (1.0 / 3) + error);
        Assert.InRange(upper, (2.0 / 3) - error, (2.0 / 3) + error);
    }

    [Fact]
    public void Run_NothingChanges_Settles()
    {
        var noise = new StubSimulator(1, 1, (theta, x, rng) => x[0] = rng.NextNormal());
        AbcResult result = new SmcAbc(noise, AbcProblems.NormalPrior, new SmcAbcOptions { Particles = 500, SettledChange = 0.3 }).Run([0], new Rng(6));
        Assert.Equal((AbcStopReason.Settled, 2), (result.StopReason, result.Populations.Count));
        Assert.InRange(result.Populations[1].Change, 0, 0.3);
    }

    // As if the run had not ended: the same bits, wherever the first budget ended, and after a cancellation.
    [Theory]
    [InlineData(50)]
    [InlineData(1_234)]
    [InlineData(4_000)]
    public void Continue_AfterABudget_IsOneRun(long first)
    {
        var options = new SmcAbcOptions { Budget = 6_000, Particles = 200 };
        AbcResult whole = new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options).Run([1, 1], new Rng(7));
        AbcResult part = new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options with { Budget = first }).Run([1, 1], new Rng(7));
        Assert.Equal((AbcStopReason.BudgetExhausted, first), (part.StopReason, part.Simulations));
        double[] before = [.. part.Draws.Theta];
        AssertSame(whole, new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options).Continue(part.State!, new Rng(7)));
        Assert.Equal(before, part.Draws.Theta);
        Assert.Equal(first, part.State!.Simulations);
    }

    [Fact]
    public void Continue_AfterACancellation_IsOneRun()
    {
        using var stop = new CancellationTokenSource();
        var abc = new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, new SmcAbcOptions { Budget = 5_000, Particles = 200 });
        var progress = new SynchronousProgress<AbcProgress>(p =>
        {
            if (p.Simulations > 2_000)
            {
                stop.Cancel();
            }
        });
        AbcResult part = abc.Run([1, 1], new Rng(8), progress, stop.Token);
        Assert.Equal(AbcStopReason.Cancelled, part.StopReason);
        Assert.True(part.Draws.Count > 0 && part.Simulations < 5_000);
        AssertSame(abc.Run([1, 1], new Rng(8)), abc.Continue(part.State!, new Rng(8)));
    }

    [Fact]
    public void Continue_WithMorePopulations_GoesOn()
    {
        var options = new SmcAbcOptions { Budget = 5_000, Particles = 200, MaxPopulations = 1 };
        AbcResult one = new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options).Run([1, 1], new Rng(9));
        Assert.Equal((AbcStopReason.Completed, double.PositiveInfinity), (one.StopReason, one.Populations[0].Tolerance));
        AssertSame(
            new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options with { MaxPopulations = 3 }).Run([1, 1], new Rng(9)),
            new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options with { MaxPopulations = 3 }).Continue(one.State!, new Rng(9)));
    }

    [Fact]
    public void Continue_AnotherStream_Throws()
    {
        var abc = new SmcAbc(AbcProblems.Line, AbcProblems.NormalPrior, new SmcAbcOptions { Budget = 300, Particles = 100 });
        SmcAbcState state = abc.Run([0], new Rng(10)).State!;
        Assert.Contains("another stream", Assert.Throws<ArgumentException>(() => abc.Continue(state, new Rng(11))).Message);
    }

    [Fact]
    public void Run_OtherThreadsOrBatches_GivesTheSameBits()
    {
        AbcResult one = Run(AbcProblems.Plane, threads: 1);
        AssertSame(one, Run(AbcProblems.Plane, threads: 3));
        AssertSame(one, Run(new StubBatches(AbcProblems.Plane, concurrency: 2, rows: 37), threads: 0));

        static AbcResult Run(ISimulator simulator, int threads) => new SmcAbc(simulator, AbcProblems.PlanePrior, new SmcAbcOptions
        {
            Budget = 3_000,
            Particles = 200,
            Kernel = SmcKernelKind.NearestNeighbours,
            Metric = AbcMetric.Mahalanobis,
            Simulation = new SimulationOptions { Threads = threads },
        }).Run([0.5, 0.5], new Rng(12));
    }

    [Fact]
    public void Run_Simulations_AreCountedExactly()
    {
        int calls = 0;
        var counting = new StubSimulator(1, 1, (theta, x, rng) =>
        {
            Interlocked.Increment(ref calls);
            x[0] = theta[0] > 1 ? double.NaN : theta[0] + rng.NextNormal();
        });
        AbcResult result = new SmcAbc(counting, AbcProblems.NormalPrior, new SmcAbcOptions { Budget = 50_000, Particles = 200, Tolerance = 0.2 }).Run([0], new Rng(13));
        Assert.Equal((AbcStopReason.ToleranceReached, calls), (result.StopReason, (int)result.Simulations));
        Assert.InRange(result.Failed, 1, calls / 3);
        Assert.InRange(calls, 600, 10_000);
    }

    [Fact]
    public void Run_ObservationNotFinite_SimulatesNothing()
    {
        AbcResult result = new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, new SmcAbcOptions()).Run([double.NaN, 0], new Rng(14));
        Assert.Equal((AbcStopReason.ObservationNotFinite, 0L, 0), (result.StopReason, result.Simulations, result.Draws.Count));
        Assert.Contains("y0", result.Advice[0]);
    }

    [Fact]
    public void Run_AllFail_EndsAfterTheTrial()
    {
        var broken = new StubSimulator(1, 1, (theta, x, rng) => throw new InvalidOperationException("no solution"));
        AbcResult result = new SmcAbc(broken, AbcProblems.NormalPrior, new SmcAbcOptions()).Run([0], new Rng(15));
        Assert.Equal((AbcStopReason.AllFailed, 100L, 0), (result.StopReason, result.Simulations, result.Draws.Count));
        Assert.Contains("no solution", result.Advice[0]);
    }

    // Outputs are 0 or 1, and 5 was observed: the tolerance falls to 4 and no further.
    [Fact]
    public void Run_ImpossibleObservation_SettlesAndSaysSo()
    {
        var coin = new StubSimulator(1, 1, (theta, x, rng) => x[0] = rng.NextDouble() < theta[0] ? 1 : 0);
        AbcResult result = new SmcAbc(coin, AbcProblems.UniformPrior, new SmcAbcOptions { Particles = 400, Metric = AbcMetric.Euclidean }).Run([5], new Rng(16));
        Assert.Equal((AbcStopReason.Settled, 4.0), (result.StopReason, result.Tolerance));
        Assert.Contains(result.Advice, line => line.Contains("farther from all simulations", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_FewAccepted_EndsWithTheLastPopulation()
    {
        var options = new SmcAbcOptions { Budget = 100_000, Particles = 400, LeastAcceptance = 0.2, Kernel = SmcKernelKind.Gaussian, Share = 0.2 };
        AbcResult result = new SmcAbc(AbcProblems.Plane, AbcProblems.PlanePrior, options).Run([1, 1], new Rng(17));
        Assert.Equal(AbcStopReason.AcceptanceTooLow, result.StopReason);
        Assert.InRange(result.Simulations, 1_000, 20_000);
        Assert.InRange(result.Populations[^1].AcceptanceRate, 0, 0.2);
        Assert.True(result.Draws.Count > 50);
        Assert.Contains("smaller tolerance is out of reach", result.Advice[0]);
    }

    // A prior that lives on a line of the plane: no normal step stays on it.
    [Fact]
    public void Run_PopulationWithoutVolume_Collapses()
    {
        AbcResult result = new SmcAbc(AbcProblems.Plane, new Diagonal(), new SmcAbcOptions { Particles = 200 }).Run([0, 0], new Rng(18));
        Assert.Equal(AbcStopReason.Collapsed, result.StopReason);
        Assert.InRange(result.Draws.Count, 200, 250);
        Assert.Contains("wider kernel", result.Advice[0]);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SmcAbcOptions { Particles = 5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SmcAbcOptions { Share = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SmcAbcOptions { Tolerance = double.NaN }));
        Assert.Throws<ArgumentException>(() => new SmcAbc(AbcProblems.Line, AbcProblems.PlanePrior, new SmcAbcOptions()));

        static SmcAbc Create(SmcAbcOptions options) => new(AbcProblems.Line, AbcProblems.NormalPrior, options);
    }

    private static void AssertSame(AbcResult expected, AbcResult actual)
    {
        Assert.Equal(expected.StopReason, actual.StopReason);
        Assert.Equal((expected.Simulations, expected.Failed, expected.Tolerance), (actual.Simulations, actual.Failed, actual.Tolerance));
        Assert.Equal(expected.Populations, actual.Populations);
        Assert.Equal(expected.Draws.Theta, actual.Draws.Theta);
        Assert.Equal(expected.Draws.Weights, actual.Draws.Weights);
    }

    /// <summary>Uniform on 0 &lt; a &lt; b &lt; 1.</summary>
    private sealed class Triangle : IDistribution
    {
        public int Dimension => 2;

        public IReadOnlyList<Support> Supports { get; } = [new(0, 1), new(0, 1)];

        public double LogProb(ReadOnlySpan<double> x) => x[0] >= 0 && x[0] <= x[1] && x[1] <= 1 ? Math.Log(2) : double.NegativeInfinity;

        public void Sample(Span<double> x, Rng rng)
        {
            (double u, double v) = (rng.NextOpenDouble(), rng.NextOpenDouble());
            (x[0], x[1]) = (Math.Min(u, v), Math.Max(u, v));
        }
    }

    private sealed class Diagonal : IDistribution
    {
        public int Dimension => 2;

        public IReadOnlyList<Support> Supports { get; } = [Support.Real, Support.Real];

        public double LogProb(ReadOnlySpan<double> x) => x[0] == x[1] ? -0.5 * x[0] * x[0] : double.NegativeInfinity;

        public void Sample(Span<double> x, Rng rng) => x[0] = x[1] = rng.NextNormal();
    }
}
