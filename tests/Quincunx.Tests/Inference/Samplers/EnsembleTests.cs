using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Diagnostics;
using static Quincunx.Tests.Inference.Samplers.Moments;

namespace Quincunx.Tests.Inference.Samplers;

public sealed class EnsembleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Run_CorrelatedGaussianOfManyScales_HasItsMoments(double differential)
    {
        // Coordinates in units of 1, 100 and 10,000: the ensemble cannot tell.
        GradientFunctionTarget inner = Targets.Gaussian(3, 0.8);
        var target = new FunctionTarget(3, z =>
        {
            double[] log = new double[1];
            inner.Evaluate([z[0], z[1] / 100, z[2] / 10_000], log);
            return log[0];
        });
        double[] start = Targets.Exact(24, 3, new Rng(1), (z, rng) => (z[0], z[1], z[2]) = (rng.NextUniform(-2, 2), rng.NextUniform(-200, 200), rng.NextUniform(-2e4, 2e4)));

        ChainResult result = EnsembleSampler.Run(target, start, new Rng(2), new EnsembleOptions { Warmup = 500, Draws = 4_000, DifferentialShare = differential });

        Assert.Equal(SamplerStop.Completed, result.StopReason);
        AssertMean(result, 0, z => z[0]);
        AssertMean(result, 0, z => z[2] / 1e4);
        AssertMean(result, 1, z => z[1] * z[1] / 1e4);
        AssertMean(result, 0.8, z => z[0] * z[1] / 100);
        AssertMean(result, 0.64, z => z[0] * z[2] / 1e4);
        Assert.InRange(result.Acceptance.Average(), 0.15, 0.8);
        Assert.Equal(24L * 4_000, result.DensityEvaluations);
    }

    [Fact]
    public void Run_FromExactDraws_LeavesTheDistributionAlone()
    {
        ChainResult result = EnsembleSampler.Run(
            Targets.Banana(), Targets.Exact(4_000, 2, new Rng(3), Targets.DrawBanana), new Rng(4), new EnsembleOptions { Warmup = 0, Draws = 5 });

        AssertNormal(result, z => z[0]);
        AssertNormal(result, z => z[1] - (z[0] * z[0]) + 1);
        AssertNormal(result, z => (z[0] + z[1] - (z[0] * z[0]) + 1) / Math.Sqrt(2));
    }

    [Fact]
    public void Run_ConjugateModel_IsCalibrated()
    {
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(150, 2, new Rng(5), 0.8);
        var posterior = new SampledPosterior((model, count, rng) =>
            EnsembleSampler.Run(model.Posterior, Targets.Apart(count + 1, 2, rng.Split("starts")), rng.Split("walkers"), new EnsembleOptions { Warmup = 100, Draws = 1 }).Points.ToArray());

        SbcResult result = SimulationBasedCalibration.Run(posterior, thetas, xs, new Rng(6), new SbcOptions { Draws = 31, Level = 0.999 });

        Assert.True(result.IsCalibrated, $"p = {result.CombinedPValue}");
    }

    // The walkers know of each other; the error must know that.
    [Fact]
    public void Run_MeanError_IsThatOfTheMean()
    {
        double[] scores = [.. Enumerable.Range(0, 60).Select(i =>
        {
            ChainResult result = EnsembleSampler.Run(
                Targets.Gaussian(2, 0.5), Targets.Exact(10, 2, new Rng(7).Split(i), (z, r) => Targets.DrawGaussian(z, r, 0.5)), new Rng(8).Split(i), new EnsembleOptions { Warmup = 0, Draws = 600 });
            ChainSummary summary = result.Coordinates[0];
            return summary.Mean / summary.MeanError;
        })];

        // χ² of 60 over 60: standard deviation 0.18; errors of few effective draws are themselves uncertain.
        Assert.InRange(scores.Average(s => s * s), 0.4, 1.9);
    }

    [Fact]
    public void Run_TooFewWalkers_Throws()
    {
        Assert.Contains("at least 6 in 2", Assert.Throws<ArgumentException>(() => EnsembleSampler.Run(Targets.Banana(), new double[8], new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EnsembleSampler.Run(Targets.Banana(), new double[14], new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnsembleSampler.Run(Targets.Banana(), new double[16], new Rng(1), new EnsembleOptions { Stretch = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnsembleSampler.Run(Targets.Banana(), new double[16], new Rng(1), new EnsembleOptions { DifferentialShare = 1.5 }));
    }

    // All walkers at one place can never leave it.
    [Fact]
    public void Run_WalkersAtOnePlace_AreStuck() =>
        Assert.Equal(SamplerStop.Stuck, EnsembleSampler.Run(Targets.Banana(), new double[16], new Rng(1), new EnsembleOptions { Warmup = 5, Draws = 5 }).StopReason);

    [Fact]
    public void Run_BananaIsFollowed() => AssertMean(
        EnsembleSampler.Run(Targets.Banana(), Targets.Apart(32, 2, new Rng(9)), new Rng(10), new EnsembleOptions { Draws = 4_000 }), SpecialFunctions.NormalCdf(1) - SpecialFunctions.NormalCdf(-1), z => Math.Abs(z[0]) < 1 ? 1 : 0);
}
