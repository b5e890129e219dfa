using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Importance;

public sealed class ImportanceWeightsTests
{
    [Fact]
    public void FromLog_HandComputedWeights_GivesTheFormulas()
    {
        ImportanceWeights weights = ImportanceWeights.FromLog([Math.Log(1) - 700, Math.Log(2) - 700, Math.Log(5) - 700, double.NegativeInfinity]);

        Assert.Equal([0.5, 1, 2.5, 0], weights.Weights.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(64.0 / 30, weights.EffectiveSampleSize, 1e-12);
        Assert.Equal(Math.Log(2) - 700, weights.LogEvidence, 1e-12);

        // Standard error of the mean over the mean: sample variance of (1, 2, 5, 0) is 14/3, their mean 2.
        Assert.Equal(Math.Sqrt(14.0 / 3 / 4) / 2, weights.LogEvidenceError, 1e-12);
        Assert.Equal((1, 0, false), (weights.Zeros, weights.Invalid, weights.IsEmpty));
    }

    // Target e^c N(0, 1), proposal N(0, s²): ESS/n → (E w)²/E w² with E w² = e^2c s²/√(2 s² − 1), finite for s² > 1/2.
    [Theory]
    [InlineData(1.5)]
    [InlineData(1.2)]
    [InlineData(2.5)]
    public void FromLog_GaussianByWiderGaussian_MatchesClosedForm(double s)
    {
        const int Count = 40_000;
        const double LogEvidence = -12.5;
        ImportanceWeights weights = ImportanceWeights.FromLog(Gaussian(Count, s, LogEvidence, seed: 5));

        double efficiency = Math.Sqrt((2 * s * s) - 1) / (s * s);

        // w ≤ s, so var w² ≤ s² E w², and the mean of w² = 1/efficiency has a relative standard error of at most s √(efficiency/n).
        Assert.Equal(efficiency, weights.Efficiency, 4 * efficiency * s * Math.Sqrt(efficiency / Count));
        Assert.Equal(Math.Sqrt(((1 / efficiency) - 1) / Count), weights.LogEvidenceError, 1e-4);
        Assert.Equal(LogEvidence, weights.LogEvidence, 4 * weights.LogEvidenceError);     // 4 standard errors: one seed in 16,000
        Assert.Equal(1, weights.Weights.ToArray().Average(), 1e-12);
        Assert.True(weights.ParetoK < 0.5, $"k = {weights.ParetoK}");
    }

    [Fact]
    public void LogEvidenceError_OverManySeeds_IsTheSpreadOfTheEstimates()
    {
        ImportanceWeights[] runs = [.. Enumerable.Range(0, 400).Select(seed => ImportanceWeights.FromLog(Gaussian(500, 1.5, 3, (ulong)seed)))];

        double[] z = [.. runs.Select(r => (r.LogEvidence - 3) / r.LogEvidenceError)];
        double mean = z.Average(), sd = Math.Sqrt(z.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(0, mean, 4 / Math.Sqrt(400));
        Assert.Equal(1, sd, 4 / Math.Sqrt(2 * 400));
    }

    // A proposal narrower than √(1/2) of the target has weights of infinite variance. Their tail index is 1 − s² (0.96 and 0.91 here) in
    // the limit; n draws see less, because log w is a square of a normal and P(w > t) falls by a further 1/√log t.
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.3)]
    public void ParetoK_TooNarrowProposal_IsAboveTheLimit(double s)
    {
        ImportanceWeights weights = ImportanceWeights.FromLog(Gaussian(10_000, s, 0, seed: 8));

        Assert.True(weights.ParetoK > weights.ParetoKLimit, $"k = {weights.ParetoK}");
        Assert.Equal(0.7, weights.ParetoKLimit);
    }

    [Fact]
    public void ParetoK_OverManySeedsOfAGoodProposal_NeverAlarms()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            ImportanceWeights weights = ImportanceWeights.FromLog(Gaussian(1_000, 1.3, 0, seed));
            Assert.True(weights.ParetoK < weights.ParetoKLimit, $"seed {seed}: k = {weights.ParetoK}");
        }
    }

    [Fact]
    public void FromLog_NaNAndInfinity_AreCountedAndWeighNothing()
    {
        ImportanceWeights weights = ImportanceWeights.FromLog([0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0]);

        Assert.Equal((1, 2), (weights.Zeros, weights.Invalid));
        Assert.Equal([2.5, 0, 0, 0, 2.5], weights.Weights.ToArray());
        Assert.Equal(Math.Log(0.4), weights.LogEvidence, 1e-14);
    }

    [Fact]
    public void FromLog_NoPositiveWeight_IsEmpty()
    {
        ImportanceWeights weights = ImportanceWeights.FromLog([double.NegativeInfinity, double.NaN]);

        Assert.True(weights.IsEmpty);
        Assert.Equal((0, 0), (weights.EffectiveSampleSize, weights.Efficiency));
        Assert.Equal(double.NegativeInfinity, weights.LogEvidence);
        Assert.Equal(double.NaN, weights.LogEvidenceError);
        Assert.Throws<InvalidOperationException>(() => weights.Resample(1, new Rng(1)));
        Assert.Throws<ArgumentException>(() => ImportanceWeights.FromLog([]));
    }

    [Theory]
    [InlineData(ResamplingScheme.Systematic)]
    [InlineData(ResamplingScheme.Stratified)]
    public void Resample_ManySeeds_TakesEachDrawAsOftenAsItsWeightSays(ResamplingScheme scheme)
    {
        const int Runs = 4_000, Count = 10;
        double[] shares = [0, 0.05, 0.33, 0, 0.5, 0.12, 0];
        ImportanceWeights weights = ImportanceWeights.FromLog([.. shares.Select(s => Math.Log(s))]);
        double[] taken = new double[shares.Length];
        for (int run = 0; run < Runs; run++)
        {
            int[] chosen = weights.Resample(Count, new Rng((ulong)run), scheme);
            Assert.Equal(Count, chosen.Length);
            foreach (IGrouping<int, int> draw in chosen.GroupBy(i => i))
            {
                taken[draw.Key] += draw.Count();
                double spread = scheme == ResamplingScheme.Systematic ? 1 : 2;      // strata: one more on either end
                Assert.InRange(draw.Count(), (Count * shares[draw.Key]) - spread, (Count * shares[draw.Key]) + spread);
            }
        }

        for (int i = 0; i < shares.Length; i++)
        {
            // A count varies by less than 1 a run: standard error below 1/√runs, 4 of them.
            Assert.Equal(Count * shares[i], taken[i] / Runs, shares[i] == 0 ? 0 : 4 / Math.Sqrt(Runs));
        }
    }

    [Fact]
    public void Resample_EqualWeights_TakesEveryDrawOnce()
    {
        ImportanceWeights weights = ImportanceWeights.FromLog(new double[50]);
        Assert.Equal(Enumerable.Range(0, 50), weights.Resample(50, new Rng(2)));
        Assert.Empty(weights.Resample(0, new Rng(2)));
    }

    private static double[] Gaussian(int count, double s, double logEvidence, ulong seed)
    {
        var rng = new Rng(seed);
        double[] log = new double[count];
        for (int i = 0; i < count; i++)
        {
            double z = rng.NextNormal();
            log[i] = logEvidence + SpecialFunctions.NormalLogPdf(s * z) - SpecialFunctions.NormalLogPdf(z) + Math.Log(s);
        }

        return log;
    }
}
