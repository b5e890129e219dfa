using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Diagnostics;
using static Quincunx.Tests.Inference.Samplers.Moments;

namespace Quincunx.Tests.Inference.Samplers;

public sealed class EllipticalSliceTests
{
    // A hundred coordinates with correlation 0.8^|i - j|, the first seen with unit noise at 1: z₀ | x ~ N(½, ½), and zⱼ follows with 0.8^j.
    [Fact]
    public void Run_HundredDimensions_HasTheMoments()
    {
        const int D = 100;
        var prior = new MultivariateNormal(new double[D], [.. Enumerable.Range(0, D * D).Select(k => Math.Pow(0.8, Math.Abs((k / D) - (k % D))))]);
        double[] start = Targets.Exact(8, D, new Rng(1), prior.Sample);

        ChainResult result = EllipticalSlice.Run(new FunctionTarget(D, z => -0.5 * (1 - z[0]) * (1 - z[0])), prior, start, new Rng(2), new EllipticalSliceOptions { Warmup = 50, Draws = 2_000 });

        Assert.Equal(SamplerStop.Completed, result.StopReason);
        Assert.Equal(0, result.Saturations);
        foreach (int j in new[] { 0, 1, 3, 10, 50, 99 })
        {
            double share = Math.Pow(0.8, j), mean = share / 2, second = 1 - (share * share / 2) + (mean * mean);
            AssertMean(result, mean, z => z[j]);
            AssertMean(result, second, z => z[j] * z[j]);
        }

        // The log-density is that of prior and likelihood.
        ReadOnlySpan<double> last = result.Point(7, 1_999);
        Assert.Equal(prior.LogProb(last) - (0.5 * (1 - last[0]) * (1 - last[0])), result.LogDensities.Span[^1], 1e-9);
    }

    [Fact]
    public void Run_FromExactDraws_LeavesTheDistributionAlone()
    {
        // The posterior of mean and correlation: prior N((1, -1), Σ), likelihood of the sum at 2 with variance 1.
        double[] covariance = [1, 0.5, 0.5, 2];
        var prior = new MultivariateNormal([1, -1], covariance);

        // Kalman: the sum has prior mean 0 and variance 4, so its gain is (1.5, 2.5) / 5.
        double[] gain = [0.3, 0.5], mean = [1 + (2 * 0.3), -1 + (2 * 0.5)];
        double[] posterior = [1 - (0.3 * 1.5), 0.5 - (0.3 * 2.5), 0.5 - (0.3 * 2.5), 2 - (0.5 * 2.5)];
        var exact = new MultivariateNormal(mean, posterior);
        ChainResult result = EllipticalSlice.Run(
            new FunctionTarget(2, z => -0.5 * Math.Pow(2 - z[0] - z[1], 2)), prior, Targets.Exact(4_000, 2, new Rng(3), exact.Sample), new Rng(4), new EllipticalSliceOptions { Warmup = 0, Draws = 3 });

        AssertNormal(result, z => (z[0] - mean[0]) / Math.Sqrt(posterior[0]));
        AssertNormal(result, z => (z[1] - mean[1]) / Math.Sqrt(posterior[3]));
        AssertNormal(result, z => (z[0] + z[1] - mean[0] - mean[1]) / Math.Sqrt(posterior[0] + posterior[3] + (2 * posterior[1])));
    }

    [Fact]
    public void Run_ConjugateModel_IsCalibrated()
    {
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(150, 2, new Rng(5), 0.8);
        var posterior = new SampledPosterior((model, count, rng) =>
            EllipticalSlice.Run(model.Likelihood, SampledPosterior.Prior, Targets.Apart(count, 2, rng.Split("starts")), rng.Split("chains"), new EllipticalSliceOptions { Warmup = 50, Draws = 1 }).Points.ToArray());

        SbcResult result = SimulationBasedCalibration.Run(posterior, thetas, xs, new Rng(6), new SbcOptions { Draws = 31, Level = 0.999 });

        Assert.True(result.IsCalibrated, $"p = {result.CombinedPValue}");
    }

    [Fact]
    public void Run_FailuresAndBadArguments_AreSaid()
    {
        var prior = new MultivariateNormal([0], [1]);

        Assert.Equal(SamplerStop.NoFiniteStart, EllipticalSlice.Run(new FunctionTarget(1, _ => double.NaN), prior, [0], new Rng(1)).StopReason);
        Assert.Contains("2 coordinates, got 1", Assert.Throws<ArgumentException>(() => EllipticalSlice.Run(Targets.Banana(), prior, [0, 0], new Rng(1))).Message, StringComparison.Ordinal);

        // A likelihood that is a different number each time leaves the chain where it is, and does not hang.
        int calls = 0;
        ChainResult restless = EllipticalSlice.Run(new FunctionTarget(1, _ => -1_000.0 * calls++), prior, [0], new Rng(1), new EllipticalSliceOptions { Warmup = 0, Draws = 3 });
        Assert.Equal(SamplerStop.Stuck, restless.StopReason);
        Assert.Equal(3, restless.Saturations);
    }
}
