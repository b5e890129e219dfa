using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using static Quincunx.Tests.Inference.Samplers.Moments;

namespace Quincunx.Tests.Inference.Samplers;

public sealed class HamiltonianTests
{
    // Standard deviations from 0.1 to 10, in 100 dimensions.
    private static double Scale(int j) => Math.Pow(10, (2 * j / 99.0) - 1);

    private static readonly GradientFunctionTarget Hundred = new(100, (z, gradient) =>
    {
        double log = 0;
        for (int j = 0; j < 100; j++)
        {
            double r = z[j] / Scale(j);
            log -= 0.5 * r * r;
            gradient[j] = -r / Scale(j);
        }

        return log;
    });

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("hmc")]
    [InlineData("nuts")]
    public void Run_HundredDimensionsOfManyScales_HasTheMoments(string name)
    {
        ChainResult result = SamplerCases.All[name](Hundred, Targets.Apart(4, 100, new Rng(1)), new Rng(2), 800, 1_000);

        Assert.Equal(0, result.Divergences);
        Assert.True(result.Coordinates.Max(c => c.RHat) < 1.02);
        for (int j = 0; j < 100; j++)
        {
            // 200 comparisons: 5 errors are passed by chance once in 9,000 runs.
            int own = j;
            AssertMean(result, 0, z => z[own] / Scale(own), errors: 5);
            AssertMean(result, 1, z => Math.Pow(z[own] / Scale(own), 2), errors: 5);
        }
    }

    [Fact]
    public void Nuts_CorrelatedTarget_NeedsAMetricThatLearnsIt()
    {
        double[] start = Targets.Apart(4, 5, new Rng(1));
        ChainResult Run(MetricKind kind) => Nuts.Run(Targets.Gaussian(5, 0.99), start, new Rng(2), new NutsOptions { Metric = kind, Draws = 500 });

        ChainResult dense = Run(MetricKind.Dense), diagonal = Run(MetricKind.Diagonal), automatic = Run(new NutsOptions().Metric);

        Assert.True(dense.StepSize > 4 * diagonal.StepSize, $"{dense.StepSize} and {diagonal.StepSize}");
        Assert.True(dense.GradientEvaluations < diagonal.GradientEvaluations / 3);
        Assert.True(automatic.GradientEvaluations < diagonal.GradientEvaluations / 3);
        AssertMean(dense, 1, z => z[0] * z[0]);
        AssertMean(dense, 0.99, z => z[0] * z[1]);
        Assert.Empty(dense.Warnings);
    }

    [Fact]
    public void DualAveraging_NoisyAcceptance_FindsTheStepThatHasIt()
    {
        // Acceptance exp(-step), seen with noise: 0.7 belongs to -log 0.7.
        var steps = new DualAveraging(0.7);
        var rng = new Rng(1);
        steps.Restart(10);
        for (int i = 0; i < 20_000; i++)
        {
            steps.Add(rng.NextBernoulli(Math.Exp(-steps.StepSize)) ? 1 : 0);
        }

        Assert.Equal(-Math.Log(0.7), steps.AveragedStepSize, 0.02);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(25)]
    [InlineData(50)]
    public void Run_ShortWarmup_EndsWithStepsThatAreAccepted(int warmup)
    {
        foreach (int seed in Enumerable.Range(0, 20))
        {
            ChainResult result = Nuts.Run(Targets.Gaussian(5), Targets.Apart(4, 5, new Rng(1)), new Rng(2).Split(seed), new NutsOptions { Warmup = warmup, Draws = 50 });

            Assert.Equal(SamplerStop.Completed, result.StopReason);
            Assert.True(result.Acceptance.Average() > 0.4, $"seed {seed}: {result.Acceptance.Average()}");
        }
    }

    // As Stan's manual has it: 75 to arrive, windows of 25, 50, 100, 200 and what is left, 50 to settle.
    [Theory]
    [InlineData(1000, new[] { 100, 150, 250, 450, 950 })]
    [InlineData(500, new[] { 100, 150, 250, 450 })]
    [InlineData(150, new[] { 100 })]
    [InlineData(100, new[] { 90 })]
    [InlineData(25, new[] { 15 })]
    [InlineData(19, new int[0])]
    public void WarmupSchedule_ClosesItsWindows(int warmup, int[] expected)
    {
        var schedule = new WarmupSchedule(warmup);

        Assert.Equal(expected, Enumerable.Range(0, warmup).Where(schedule.Closes).Select(i => i + 1));
        Assert.Equal(expected.Length > 0, Enumerable.Range(0, warmup).Any(schedule.IsInWindow));
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void Run_Warmup_ReachesTheAcceptanceAskedFor(double wanted)
    {
        double[] start = Targets.Apart(4, 10, new Rng(1));
        ChainResult nuts = Nuts.Run(Targets.Gaussian(10, 0.5), start, new Rng(2), new NutsOptions { TargetAcceptance = wanted });
        ChainResult hmc = HamiltonianMonteCarlo.Run(Targets.Gaussian(10, 0.5), start, new Rng(2), new HmcOptions { TargetAcceptance = wanted });

        // One warm-up ends within 0.05 or so of what was asked for.
        Assert.InRange(nuts.Acceptance.Average(), wanted - 0.08, wanted + 0.05);
        Assert.InRange(hmc.Acceptance.Average(), wanted - 0.08, wanted + 0.05);
    }

    [Fact]
    public void Nuts_CentredFunnel_IsNoticed_AndNonCentredIsNot()
    {
        ChainResult[] centred = [.. Enumerable.Range(0, 5).Select(seed => Nuts.Run(Targets.Funnel(10), Targets.Apart(4, 10, new Rng(1)), new Rng(2).Split(seed)))];
        ChainResult free = Nuts.Run(Targets.Gaussian(10), Targets.Apart(4, 10, new Rng(1)), new Rng(3));

        // In most runs a trajectory diverges; in all of them chains do not agree.
        Assert.True(centred.Count(c => c.Divergences > 0) >= 3);
        Assert.All(centred, c => Assert.Equal(c.Divergences > 0, c.Warnings.Any(w => w.Contains("divergent", StringComparison.Ordinal))));
        Assert.All(centred, c => Assert.Contains(c.Warnings, w => w.Contains("effective draws", StringComparison.Ordinal) || w.Contains("R-hat", StringComparison.Ordinal)));

        // v = 3 z₀ and x₁ = exp(v / 2) z₁: P(v < -6) = Φ(-2), and x₁ / exp(v / 2) is standard normal.
        Assert.Empty(free.Warnings);
        AssertMean(free, 9, z => 9 * z[0] * z[0]);
        AssertMean(free, 0.022750131948179195, z => 3 * z[0] < -6 ? 1 : 0);

        // P(|x₁| < 1) by quadrature over v.
        double probability = Enumerable.Range(-4_000, 8_001).Sum(i =>
        {
            double v = i * 0.005;
            return 0.005 / 3 / Math.Sqrt(2 * Math.PI) * Math.Exp(-v * v / 18) * Quincunx.Numerics.Special.SpecialFunctions.Erf(Math.Exp(-v / 2) / Math.Sqrt(2));
        });
        AssertMean(free, probability, z => Math.Abs(Math.Exp(1.5 * z[0]) * z[1]) < 1 ? 1 : 0);
    }

    [Fact]
    public void Run_WrongGradients_StopWithNoStepSize()
    {
        var target = new GradientFunctionTarget(2, (z, gradient) =>
        {
            gradient.Fill(double.NaN);
            return -0.5 * ((z[0] * z[0]) + (z[1] * z[1]));
        });
        var jumps = new GradientFunctionTarget(1, (z, gradient) =>
        {
            // No step is ever accepted: it is 0 everywhere but at the start.
            gradient[0] = 0;
            return z[0] == 1 ? 0 : double.NegativeInfinity;
        });

        Assert.Equal(SamplerStop.NoFiniteStart, Nuts.Run(target, [1, 1], new Rng(1)).StopReason);
        foreach (ChainResult result in new[] { Nuts.Run(jumps, [1], new Rng(1)), HamiltonianMonteCarlo.Run(jumps, [1], new Rng(1)) })
        {
            Assert.Equal(SamplerStop.StepSizeCollapsed, result.StopReason);
            Assert.Equal(0, result.Draws);
            Assert.Contains("Check the gradient", result.Warnings[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_ChainThatCannotMove_IsStuck()
    {
        var jumps = new GradientFunctionTarget(1, (z, gradient) =>
        {
            gradient[0] = 0;
            return z[0] == 1 ? 0 : double.NegativeInfinity;
        });

        foreach (string name in new[] { "nuts", "hmc", "metropolis" })
        {
            ChainResult result = SamplerCases.All[name](jumps, [1, 1], new Rng(1), 0, 20);
            Assert.Equal(SamplerStop.Stuck, result.StopReason);
            Assert.Equal(20, result.Draws);
            Assert.Contains("never moved", result.Warnings[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nuts_DepthLimit_IsCountedWhereItCuts()
    {
        double[] start = Targets.Apart(2, 3, new Rng(1));
        ChainResult cut = Nuts.Run(Targets.Gaussian(3), start, new Rng(2), new NutsOptions { Warmup = 0, StepSize = 0.01, MaxDepth = 4, Draws = 50 });
        ChainResult free = Nuts.Run(Targets.Gaussian(3), start, new Rng(2), new NutsOptions { Warmup = 0, StepSize = 0.01, Draws = 50 });

        Assert.Equal(100, cut.Saturations);
        Assert.Equal(100 * 15, cut.GradientEvaluations);
        Assert.Equal(0, free.Saturations);

        // A turn takes about half a period, π / 0.01 steps: 8 to 9 doublings.
        Assert.InRange(free.GradientEvaluations / 100.0, 127, 1023);
    }

    // In many dimensions all normal trajectories are alike: points on a circle, which the threshold c cuts where t/2 cot(t/2) = c, at π for 0, 3.01 for 0.1, 2.43 for 0.45, 1.69 for 0.75 and 1.08 for 0.9. Steps of 0.011: 255 make 2.8, 511 make 5.6 and 127 make 1.4.
    [Theory]
    [InlineData(0, 511)]
    [InlineData(0.1, 511)]
    [InlineData(0.45, 255)]
    [InlineData(0.75, 255)]
    [InlineData(0.9, 127)]
    public void Nuts_TurnThreshold_EndsTrajectoriesWhereTheyHaveTurnedSoFar(double threshold, int steps)
    {
        const int D = 5_000;
        double[] start = new double[D];
        new Rng(1).FillNormal(start);

        ChainResult result = Nuts.Run(Targets.Gaussian(D), start, new Rng(2), new NutsOptions { Warmup = 0, StepSize = 0.011, Draws = 4, TurnThreshold = threshold });

        Assert.Equal(4 * steps, result.GradientEvaluations);
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        void Throws(NutsOptions options) => Assert.Throws<ArgumentOutOfRangeException>(() => Nuts.Run(Targets.Banana(), [0, 0], new Rng(1), options));

        Throws(new NutsOptions { TargetAcceptance = 1 });
        Throws(new NutsOptions { MaxDepth = 0 });
        Throws(new NutsOptions { TurnThreshold = 1 });
        Throws(new NutsOptions { TurnThreshold = -0.1 });
        Throws(new NutsOptions { TurnThreshold = double.NaN });
        Throws(new NutsOptions { StepSize = double.NaN });
        Throws(new NutsOptions { Thinning = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => HamiltonianMonteCarlo.Run(Targets.Banana(), [0, 0], new Rng(1), new HmcOptions { Jitter = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => HamiltonianMonteCarlo.Run(Targets.Banana(), [0, 0], new Rng(1), new HmcOptions { TrajectoryLength = 0 }));
        Assert.Throws<ArgumentException>(() => Metropolis.Run(Targets.Banana(), [0, 0], new Rng(1), new MetropolisOptions { Scales = [1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SliceSampler.Run(Targets.Banana(), [0, 0], new Rng(1), new SliceOptions { Width = 0 }));
    }
}
