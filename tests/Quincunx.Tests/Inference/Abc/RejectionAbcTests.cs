using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Inference.Simulation;
using Quincunx.Tests.Inference.Training;

namespace Quincunx.Tests.Inference.Abc;

public sealed class RejectionAbcTests
{
    // One seed in 10,000 fails by chance.
    private const double LeastPValue = 1e-4;

    // Exact at tolerance 0: Beta(15, 7).
    [Fact]
    public void Run_GaltonBoardAtToleranceZero_DrawsFromTheExactPosterior()
    {
        // snippet: abc
        var board = new GaltonBoard(rows: 20);
        var prior = new IndependentProduct(("theta", new Uniform(0, 1)));
        var abc = new RejectionAbc(board, prior, new RejectionAbcOptions { Budget = 100_000, Tolerance = 0, Samples = 4_000 });

        AbcResult result = abc.Run([14], new Rng(seed: 7));     // the ball fell into bin 14
        // end-snippet

        Assert.Equal(AbcStopReason.Completed, result.StopReason);
        Assert.Equal((4_000, 0.0), (result.Draws.Count, result.Tolerance));
        Assert.Empty(result.Advice);
        var exact = new ExactCurve(0, 1, theta => Math.Pow(theta, 14) * Math.Pow(1 - theta, 6));
        Assert.True(exact.PValue(result.Draws.Theta) > LeastPValue);

        // Each bin has probability 1/21.
        Assert.InRange(result.Populations[0].AcceptanceRate * 21, 0.9, 1.1);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.5)]
    public void Run_NormalLineAtATolerance_DrawsFromThePosteriorAtThatTolerance(double tolerance)
    {
        var options = new RejectionAbcOptions { Budget = 40_000, Tolerance = tolerance, Metric = AbcMetric.Euclidean };
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.NormalPrior, options).Run([0.8], new Rng(1));

        Assert.Equal((AbcStopReason.Completed, 40_000L), (result.StopReason, result.Simulations));
        Assert.True(AbcProblems.NormalLine(0.8, tolerance).PValue(result.Draws.Theta) > LeastPValue);
        Assert.All(result.Draws.Distances, d => Assert.InRange(d, 0, tolerance));
    }

    [Fact]
    public void Run_BoundedPrior_DrawsFromTheTruncatedPosterior()
    {
        var options = new RejectionAbcOptions { Budget = 40_000, Tolerance = 0.05, Metric = AbcMetric.Euclidean };
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.UniformPrior, options).Run([-0.2], new Rng(2));
        Assert.True(AbcProblems.UniformLine(-0.2, 0.05).PValue(result.Draws.Theta) > LeastPValue);
    }

    // Memory holds a bounded part of the simulations, and what is kept is what sorting all of them gives.
    [Fact]
    public void Run_AcceptedShare_KeepsTheNearest()
    {
        const int Budget = 20_000;
        var options = new RejectionAbcOptions { Budget = Budget, AcceptedShare = 0.01, Metric = AbcMetric.Euclidean };
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.NormalPrior, options).Run([0.8], new Rng(3));

        SimulationSet all = new SimulationRunner(AbcProblems.Line).Run(AbcProblems.NormalPrior, 0, Budget, new Rng(3));
        int[] nearest = [.. Enumerable.Range(0, Budget).OrderBy(i => Math.Abs(all.X[i] - 0.8)).Take(Budget / 100).Order()];
        Assert.Equal(nearest.Select(i => all.Theta[i]), result.Draws.Theta);
        Assert.Equal(nearest.Select(i => all.X[i]), result.Draws.Summaries);
        Assert.Equal(nearest.Max(i => Math.Abs(all.X[i] - 0.8)), result.Tolerance);
    }

    [Fact]
    public void Run_OtherThreadsOrBatches_GivesTheSameBits()
    {
        AbcResult one = Run(AbcProblems.Plane, threads: 1), three = Run(AbcProblems.Plane, threads: 3), batches = Run(new StubBatches(AbcProblems.Plane, concurrency: 2, rows: 37), threads: 0);
        Assert.Equal(one.Draws.Theta, three.Draws.Theta);
        Assert.Equal(one.Draws.Theta, batches.Draws.Theta);
        Assert.Equal(one.Draws.Weights, batches.Draws.Weights);
        Assert.Equal(one.Simulations, batches.Simulations);

        static AbcResult Run(ISimulator simulator, int threads) => new RejectionAbc(simulator, AbcProblems.PlanePrior, new RejectionAbcOptions
        {
            Budget = 5_000,
            AcceptedShare = 0.1,
            Metric = AbcMetric.Mahalanobis,
            Regression = new RegressionOptions(),
            Simulation = new SimulationOptions { Threads = threads },
        }).Run([0.5, 0.5], new Rng(4));
    }

    [Fact]
    public void Run_Simulations_AreCountedExactly()
    {
        int calls = 0;
        var counting = new StubSimulator(1, 1, (theta, x, rng) =>
        {
            Interlocked.Increment(ref calls);
            x[0] = theta[0];
        });
        AbcResult result = new RejectionAbc(counting, AbcProblems.NormalPrior, new RejectionAbcOptions { Budget = 100_000, Tolerance = 0.5, Samples = 300 }).Run([0], new Rng(5));
        Assert.Equal((AbcStopReason.Completed, 300), (result.StopReason, result.Draws.Count));
        Assert.Equal(calls, result.Simulations);
        Assert.InRange(calls, 300, 99_999);
    }

    [Fact]
    public void Run_SamplesOutOfReach_EndsWithTheBudgetAndWhatThereIs()
    {
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.NormalPrior, new RejectionAbcOptions { Budget = 3_000, Tolerance = 0.01, Samples = 3_000 }).Run([0], new Rng(6));
        Assert.Equal((AbcStopReason.BudgetExhausted, 3_000L), (result.StopReason, result.Simulations));
        Assert.InRange(result.Draws.Count, 1, 2_999);
        Assert.Contains("budget of 3000", result.Advice[0]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Run_ObservationNotFinite_SimulatesNothingAndSaysWhich(double bad)
    {
        AbcResult result = new RejectionAbc(AbcProblems.Plane, AbcProblems.PlanePrior, new RejectionAbcOptions()).Run([0, bad], new Rng(7));
        Assert.Equal((AbcStopReason.ObservationNotFinite, 0L, 0), (result.StopReason, result.Simulations, result.Draws.Count));
        Assert.Contains("y1", result.Advice[0]);
        Assert.True(double.IsNaN(result.Tolerance));
    }

    [Fact]
    public void Run_AllFail_EndsAfterTheTrial()
    {
        var broken = new StubSimulator(1, 1, (theta, x, rng) => throw new InvalidOperationException("no solution"));
        AbcResult result = new RejectionAbc(broken, AbcProblems.NormalPrior, new RejectionAbcOptions()).Run([0], new Rng(8));
        Assert.Equal((AbcStopReason.AllFailed, 100L, 100L), (result.StopReason, result.Simulations, result.Failed));
        Assert.Contains("no solution", result.Advice[0]);
        Assert.Equal(5, result.Failures.Count);
    }

    [Fact]
    public void Run_SomeFail_CountsThemAndSaysSo()
    {
        var half = new StubSimulator(1, 1, (theta, x, rng) => x[0] = theta[0] < 0 ? double.NaN : theta[0]);
        AbcResult result = new RejectionAbc(half, AbcProblems.NormalPrior, new RejectionAbcOptions { Budget = 2_000, Tolerance = 10 }).Run([1], new Rng(9));
        Assert.Equal(2_000, result.Failed + result.Draws.Count);
        Assert.InRange(result.Failed, 900, 1_100);
        Assert.All(result.Draws.Theta, t => Assert.True(t >= 0));
        Assert.Contains(result.Advice, line => line.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_NothingWithinTolerance_NamesTheNearest()
    {
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.UniformPrior, new RejectionAbcOptions { Budget = 2_000, Tolerance = 0, Metric = AbcMetric.Euclidean }).Run([100], new Rng(10));
        Assert.Equal((AbcStopReason.NoneAccepted, 2_000L, 0), (result.StopReason, result.Simulations, result.Draws.Count));
        Assert.Contains("nearest", result.Advice[0]);
        Assert.Contains(result.Advice, line => line.Contains("farther from all simulations", StringComparison.Ordinal));
        Assert.InRange(result.Typicality, 0, 0.005);
    }

    [Fact]
    public void Run_TypicalObservation_IsNotCalledUntypical() =>
        Assert.InRange(new RejectionAbc(AbcProblems.Line, AbcProblems.UniformPrior, new RejectionAbcOptions { Budget = 2_000 }).Run([0.5], new Rng(11)).Typicality, 0.05, 1);

    [Fact]
    public void Run_Cancelled_KeepsWholeBatches()
    {
        using var stop = new CancellationTokenSource();
        var progress = new SynchronousProgress<AbcProgress>(p =>
        {
            if (p.Simulations > 3_000)
            {
                stop.Cancel();
            }
        });
        AbcResult result = new RejectionAbc(AbcProblems.Line, AbcProblems.NormalPrior, new RejectionAbcOptions { Budget = 1_000_000, Tolerance = 0.5 }).Run([0], new Rng(12), progress, stop.Token);
        Assert.Equal(AbcStopReason.Cancelled, result.StopReason);
        Assert.InRange(result.Simulations, 1_000, 5_000);
        Assert.True(result.Draws.Count > 0);
    }

    [Fact]
    public void Run_ObservationOfAnotherLength_SaysWhatWasExpected()
    {
        var abc = new RejectionAbc(AbcProblems.Plane, AbcProblems.PlanePrior, new RejectionAbcOptions());
        Assert.Contains("observation of 2 numbers, got 1", Assert.Throws<ArgumentException>(() => abc.Run([0], new Rng(13))).Message);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new RejectionAbcOptions { Tolerance = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new RejectionAbcOptions { AcceptedShare = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new RejectionAbcOptions { Budget = 0 }));
        Assert.Throws<ArgumentException>(() => Create(new RejectionAbcOptions { Samples = 10 }));

        static RejectionAbc Create(RejectionAbcOptions options) => new(AbcProblems.Line, AbcProblems.NormalPrior, options);
    }
}
