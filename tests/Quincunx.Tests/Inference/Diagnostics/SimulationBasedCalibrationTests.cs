using Quincunx.Inference;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class SimulationBasedCalibrationTests
{
    private const int Dimension = 2;

    [Fact]
    public void Run_CalibratedPosteriorOverManySeeds_GivesUniformPValues()
    {
        const int Seeds = 300;
        SbcResult[] results = [.. Enumerable.Range(0, Seeds).Select(seed => Run(new GaussianPosterior(Dimension), (ulong)seed, pairs: 100))];

        foreach (int q in (int[])[0, 1, 2])
        {
            AssertUniform([.. results.Select(r => r.Quantities[q].Test.KolmogorovSmirnov)]);
            AssertNoMoreAlarms([.. results.Select(r => r.Quantities[q].Test.ChiSquared)]);
            AssertNoMoreAlarms([.. results.Select(r => r.Quantities[q].Test.Ecdf)]);
        }

        AssertNoMoreAlarms([.. results.Select(r => r.CombinedPValue)]);
        Assert.All(results, r => Assert.Equal((100, 0, 99.0), (r.Pairs, r.InvalidPairs, r.MedianEffectiveDraws)));
    }

    [Theory]
    [InlineData(0.7, 0.0)]      // too narrow
    [InlineData(1.4, 0.0)]      // too wide
    [InlineData(1.0, 0.3)]      // shifted by 0.4 of its sd
    public void Run_WrongWidthOrPlace_Alarms(double width, double shift)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            SbcResult result = Run(new GaussianPosterior(Dimension, width, shift), seed, pairs: 500);
            Assert.False(result.IsCalibrated);
            Assert.All(result.Quantities.Take(Dimension), q => Assert.True(q.Test.Ecdf < 0.01, $"{q.Name}: {q.Test.Ecdf}"));
        }
    }

    [Fact]
    public void Run_OnlyTheCorrelationIsWrong_IsSeenByTheDensityAlone()
    {
        int marginalAlarms = 0;
        for (ulong seed = 0; seed < 10; seed++)
        {
            SbcResult result = Run(new GaussianPosterior(Dimension), seed, pairs: 500, correlation: 0.9);
            Assert.True(result.Density.AdjustedPValue < 0.01, $"{result.Density.AdjustedPValue}");
            Assert.False(result.IsCalibrated);
            marginalAlarms += result.Quantities.Take(Dimension).Count(q => q.Test.Ecdf < 0.01);
        }

        Assert.InRange(marginalAlarms, 0, 2);       // 20 tests at 1 %: more than 2 is one seed in 1,000
    }

    [Fact]
    public void Run_PosteriorIsThePrior_IsSeenByTheLikelihoodAlone()
    {
        // theta ~ N(0, 1) whatever x: every marginal and the density are calibrated, but the data are ignored.
        for (ulong seed = 0; seed < 5; seed++)
        {
            var rng = new Rng(seed);
            (double[] thetas, double[] xs) = GaussianPosterior.Pairs(400, 1, rng);
            var options = new SbcOptions { Likelihood = new UnitNoise() };
            SbcResult exact = SimulationBasedCalibration.Run(new GaussianPosterior(1), thetas, xs, rng, options);
            SbcResult prior = SimulationBasedCalibration.Run(new Prior(), thetas, xs, rng, options);

            Assert.Equal(SbcResult.LogLikelihood, prior.Quantities[^1].Name);
            Assert.True(prior.Quantities[^1].Test.Ecdf < 1e-6);
            Assert.True(prior.Quantities[0].Test.Ecdf > 0.001 && prior.Density.Test.Ecdf > 0.001);
            Assert.True(exact.Quantities[^1].Test.Ecdf > 0.001);
        }
    }

    [Fact]
    public void Run_WeightsRepairAWidePosterior_IsCalibrated()
    {
        // Exact joint: theta ~ N(0, 1), x ~ N(theta, 1).
        var wide = new GaussianPosterior(1, width: 1.6);
        var options = new SbcOptions { Draws = 400, Joint = (theta, x) => SpecialFunctions.NormalLogPdf(theta[0]) + SpecialFunctions.NormalLogPdf(x[0] - theta[0]) };
        double[] p = [.. Enumerable.Range(0, 20).Select(seed =>
        {
            var rng = new Rng((ulong)seed);
            (double[] thetas, double[] xs) = GaussianPosterior.Pairs(200, 1, rng);
            Assert.False(SimulationBasedCalibration.Run(wide, thetas, xs, rng).IsCalibrated);
            SbcResult repaired = SimulationBasedCalibration.Run(wide, thetas, xs, rng, options);
            Assert.InRange(repaired.MedianEffectiveDraws, 100, 399);
            return repaired.CombinedPValue;
        })];

        Assert.InRange(p.Count(v => v < 0.05), 0, 4);     // 20 at 5 %: more than 4 is one seed in 400
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameRanksAndNames()
    {
        var rng = new Rng(3);
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(70, Dimension, rng);
        var options = new SbcOptions { ParameterNames = ["a", "b"], Draws = 20 };
        SbcResult first = SimulationBasedCalibration.Run(new GaussianPosterior(Dimension), thetas, xs, new Rng(5), options);
        SbcResult again = SimulationBasedCalibration.Run(new GaussianPosterior(Dimension), thetas, xs, new Rng(5), options);

        Assert.Equal(["a", "b", SbcResult.LogDensity], first.Quantities.Select(q => q.Name));
        Assert.Equal(first.Quantities[2].Uniforms, again.Quantities[2].Uniforms);
        Assert.All(first.Quantities, q => Assert.All(q.Ranks, r => Assert.InRange(r, 0, 20)));
    }

    [Fact]
    public void Run_AllDrawsTied_RanksAreUniform()
    {
        // A rounded posterior: without random ties every rank would be 0 or L.
        var rng = new Rng(3);
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(500, 1, rng);
        Array.Clear(thetas);
        SbcResult result = SimulationBasedCalibration.Run(new Constant(), thetas, xs, rng);
        Assert.True(result.Quantities[0].Test.Ecdf > 0.001);
    }

    [Fact]
    public void Run_NaNDensities_AreCountedAndNotCalibrated()
    {
        var rng = new Rng(3);
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(300, 1, rng);
        xs[7] = xs[9] = double.NaN;
        SbcResult result = SimulationBasedCalibration.Run(new GaussianPosterior(1), thetas, xs, rng);

        Assert.Equal((298, 2, false), (result.Pairs, result.InvalidPairs, result.IsCalibrated));
        Array.Fill(xs, double.NaN);
        Assert.Throws<InvalidOperationException>(() => SimulationBasedCalibration.Run(new GaussianPosterior(1), thetas, xs, rng));
        Assert.Throws<ArgumentException>(() => SimulationBasedCalibration.Run(new GaussianPosterior(2), [1, 2, 3], xs, rng));
    }

    [Fact]
    public void Holm_HandComputedCase_IsTheDefinition()
    {
        double[] adjusted = SimulationBasedCalibration.Holm([0.04, 0.01, 0.03, 0.9]);
        Assert.Equal([0.09, 0.04, 0.09, 0.9], adjusted, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    private static SbcResult Run(IPosteriorEstimator posterior, ulong seed, int pairs, double correlation = 0)
    {
        var rng = new Rng(seed);
        (double[] thetas, double[] xs) = GaussianPosterior.Pairs(pairs, Dimension, rng, correlation);
        return SimulationBasedCalibration.Run(posterior, thetas, xs, rng.Split("sbc"));
    }

    private static void AssertUniform(double[] p)
    {
        // Nine such assertions at 1e-4 each: a false alarm once in a thousand choices of seeds.
        Assert.True(EcdfBand.Simultaneous(p.Length, 20, 0.95).PValue(p) > 1e-4);
    }

    private static void AssertNoMoreAlarms(double[] p)
    {
        foreach (double alpha in (double[])[0.02, 0.1, 0.3])
        {
            Assert.True((double)p.Count(v => v <= alpha) / p.Length < alpha + (4 * Math.Sqrt(alpha * (1 - alpha) / p.Length)));
        }

        Assert.Contains(p, v => v < 0.2);       // a test that never speaks would pass the line above
    }

    private sealed class UnitNoise : ILikelihood
    {
        public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x) => SpecialFunctions.NormalLogPdf(x[0] - theta[0]);
    }

    private sealed class Prior : IPosteriorEstimator
    {
        public int Dimension => 1;

        public bool IsNormalised => true;

        public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => rng.FillNormal(thetas);

        public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => rng.FillNormal(thetas);

        public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => LogProbPairs(thetas, x, logProbs);

        public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
        {
            for (int i = 0; i < logProbs.Length; i++)
            {
                logProbs[i] = SpecialFunctions.NormalLogPdf(thetas[i]);
            }
        }
    }

    private sealed class Constant : IPosteriorEstimator
    {
        public int Dimension => 1;

        public bool IsNormalised => true;

        public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => thetas.Clear();

        public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => thetas.Clear();

        public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => logProbs.Clear();

        public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => logProbs.Clear();
    }
}
