using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Diagnostics;
using Quincunx.Tests.Inference.Training;
using static Quincunx.Tests.Inference.Samplers.Moments;

namespace Quincunx.Tests.Inference.Samplers;

public sealed class SamplerTests
{
    public static TheoryData<string> Names => SamplerCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_CorrelatedGaussian_HasItsMoments(string name)
    {
        ChainResult result = SamplerCases.All[name](Targets.Gaussian(4, 0.8), Targets.Apart(8, 4, new Rng(1)), new Rng(2), 500, 1_500);

        Assert.Equal(SamplerStop.Completed, result.StopReason);
        Assert.Equal(0, result.Divergences);
        Assert.Equal(0, result.Invalid);
        for (int j = 0; j < 4; j++)
        {
            int own = j;
            AssertMean(result, 0, z => z[own]);
            AssertMean(result, 1, z => z[own] * z[own]);
            AssertMean(result, j == 0 ? 1 : 0.8, z => z[own] * z[Math.Max(0, own - 1)]);
        }

        AssertMean(result, 0.512, z => z[0] * z[3]);
        AssertMean(result, -2, z => -0.5 * Square(z));

        static double Square(ReadOnlySpan<double> z)
        {
            double[] gradient = new double[4], log = new double[1];
            Targets.Gaussian(4, 0.8).EvaluateWithGradient(z, log, gradient);
            return -2 * log[0];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_Banana_FollowsTheBend(string name)
    {
        ChainResult result = SamplerCases.All[name](Targets.Banana(), Targets.Apart(16, 2, new Rng(3)), new Rng(4), 500, 2_000);

        AssertMean(result, 0, z => z[0]);
        AssertMean(result, 0, z => z[1]);
        AssertMean(result, 3, z => z[1] * z[1]);
        AssertMean(result, 2, z => z[0] * z[0] * z[1]);
    }

    // Bounded on both sides, on one, and not at all.
    [Theory]
    [MemberData(nameof(Names))]
    public void Run_BoundedSupport_InUnconstrainedCoordinates_HasTheMoments(string name)
    {
        var bijection = new SupportBijection([new Support(0, 1), new Support(0, double.PositiveInfinity), Support.Real]);
        var target = new GradientFunctionTarget(3, (theta, gradient) =>
        {
            // Beta(2, 3), a unit exponential, and a normal about it with variance 1.
            double r = theta[2] - theta[1];
            gradient[0] = (1 / theta[0]) - (2 / (1 - theta[0]));
            gradient[1] = -1 + r;
            gradient[2] = -r;
            return Math.Log(theta[0]) + (2 * Math.Log(1 - theta[0])) - theta[1] - (0.5 * r * r);
        });

        ChainResult result = SamplerCases.All[name](new UnconstrainedGradientTarget(target, bijection), Targets.Apart(16, 3, new Rng(5)), new Rng(6), 500, 1_500).ToConstrained(bijection);

        AssertMean(result, 0.4, z => z[0]);
        AssertMean(result, 0.2, z => z[0] * z[0]);
        AssertMean(result, 1, z => z[1]);
        AssertMean(result, 2, z => z[1] * z[1]);
        AssertMean(result, 2, z => z[1] * z[2]);
        double[] log = new double[1];
        target.Evaluate(result.Point(3, 7), log);
        Assert.Equal(log[0], result.LogDensities.Span[(3 * result.Draws) + 7], 1e-9);
    }

    // From exact draws any number of steps gives exact draws. Without warm-up, so that nothing is tuned to make it so.
    [Theory]
    [MemberData(nameof(Names))]
    public void Run_FromExactDraws_LeavesTheDistributionAlone(string name)
    {
        const int Chains = 4_000;
        ChainResult gaussian = SamplerCases.All[name](
            Targets.Gaussian(3, 0.7), Targets.Exact(Chains, 3, new Rng(7), (z, r) => Targets.DrawGaussian(z, r, 0.7)), new Rng(8), 0, 3);
        ChainResult banana = SamplerCases.All[name](Targets.Banana(), Targets.Exact(Chains, 2, new Rng(9), Targets.DrawBanana), new Rng(10), 0, 3);

        AssertNormal(gaussian, z => z[0]);
        AssertNormal(gaussian, z => z[2]);
        AssertNormal(gaussian, z => (z[1] - (0.7 * z[0])) / Math.Sqrt(0.51));
        AssertNormal(banana, z => z[0]);
        AssertNormal(banana, z => z[1] - (z[0] * z[0]) + 1);

        // Independent of each other as well: where one is large the other is not.
        AssertNormal(banana, z => (z[0] + z[1] - (z[0] * z[0]) + 1) / Math.Sqrt(2));
        Assert.True(gaussian.Acceptance.Average() is > 0.2, $"{gaussian.Acceptance.Average()}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_ConjugateModel_IsCalibrated(string name)
    {
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(150, 2, new Rng(11), 0.8);

        SbcResult result = SimulationBasedCalibration.Run(
            SampledPosterior.Of(SamplerCases.All[name]), thetas, xs, new Rng(12), new SbcOptions { Draws = 31, Level = 0.999 });

        // All quantities together alarm by chance once in 1,000 runs.
        Assert.True(result.IsCalibrated, $"p = {result.CombinedPValue}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_SameSeed_SameDraws_AndAnotherSeedOthers(string name)
    {
        double[] start = Targets.Apart(3, 2, new Rng(13));
        ChainResult Run(ulong seed) => SamplerCases.All[name](Targets.Banana(), start, new Rng(seed), 100, 20);

        ChainResult first = Run(1), again = Run(1), other = Run(2);

        Assert.Equal(first.Points.ToArray(), again.Points.ToArray());
        Assert.Equal(first.DensityEvaluations + first.GradientEvaluations, again.DensityEvaluations + again.GradientEvaluations);
        Assert.NotEqual(first.Points.ToArray(), other.Points.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_TargetThatIsNowhereFinite_SaysSo(string name)
    {
        foreach (double value in new[] { double.NaN, double.NegativeInfinity, double.PositiveInfinity })
        {
            var target = new GradientFunctionTarget(2, (_, gradient) =>
            {
                gradient.Clear();
                return value;
            });
            ChainResult result = SamplerCases.All[name](target, ChainStarts.Uniform(target, 2, new Rng(1)), new Rng(1), 10, 10);

            Assert.Equal(SamplerStop.NoFiniteStart, result.StopReason);
            Assert.Equal(0, result.Draws);
            Assert.Empty(result.Coordinates);
            Assert.Contains("start elsewhere", result.Warnings[0], StringComparison.Ordinal);
            Assert.Equal(double.IsNegativeInfinity(value) ? 0 : 2, result.Invalid);
        }
    }

    // One side is a failure: its points count as density 0, and what is left is still sampled.
    [Theory]
    [MemberData(nameof(Names))]
    public void Run_TargetThatFailsInPlaces_CountsThemAndStaysOutside(string name)
    {
        var target = new GradientFunctionTarget(1, (z, gradient) =>
        {
            gradient[0] = -z[0];
            return z[0] < -2 ? double.NaN : -0.5 * z[0] * z[0];
        });

        ChainResult result = SamplerCases.All[name](target, [0.5, 1, 1.5, 2], new Rng(1), 500, 4_000);

        Assert.Equal(SamplerStop.Completed, result.StopReason);
        Assert.True(result.Invalid > 0);
        Assert.All(result.Points.ToArray(), z => Assert.True(z >= -2));
        AssertMean(result, Math.Exp(SpecialFunctions.NormalLogPdf(2)) / SpecialFunctions.NormalCdf(2), z => z[0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_Cancelled_StopsSoon_AndProgressCountsUp(string name)
    {
        using var source = new CancellationTokenSource();
        List<SamplerProgress> seen = [];
        var progress = new SynchronousProgress<SamplerProgress>(p =>
        {
            seen.Add(p);
            if (p.Iteration == 20)
            {
                source.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(
            () => SamplerCases.All[name](Targets.Banana(), [0, 0], new Rng(1), 100_000_000, 1, progress, source.Token));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), seen.Select(p => p.Iteration));
        Assert.True(seen[^1].Evaluations > seen[0].Evaluations);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_BadArguments_SaysWhatWasExpected(string name)
    {
        SamplerRun run = SamplerCases.All[name];
        GradientFunctionTarget target = Targets.Banana();

        Assert.Contains("[chains, 2], got 3", Assert.Throws<ArgumentException>(() => run(target, [1, 2, 3], new Rng(1), 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("[chains, 2], got 0", Assert.Throws<ArgumentException>(() => run(target, [], new Rng(1), 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN in chain 1, coordinate 0", Assert.Throws<ArgumentException>(() => run(target, [1, 2, double.NaN, 3], new Rng(1), 1, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => run(target, [1, 2], new Rng(1), 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => run(target, [1, 2], new Rng(1), -1, 1));
        Assert.Throws<ArgumentNullException>(() => run(target, [1, 2], null!, 1, 1));
        Assert.Throws<ArgumentNullException>(() => run(null!, [1, 2], new Rng(1), 1, 1));
    }
}
