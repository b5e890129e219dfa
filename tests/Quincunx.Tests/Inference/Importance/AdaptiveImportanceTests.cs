using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Importance;

public sealed class AdaptiveImportanceTests
{
    private const double LogEvidence = -7.25;

    [Fact]
    public void Run_CorrelatedGaussianFromAPoorStart_FindsItsMomentsAndEvidence()
    {
        // Eight dimensions, autoregressive correlation 0.8: z₀ = e₀, zⱼ = 0.8 zⱼ₋₁ + 0.6 eⱼ, unit variances. The start is 3 times too wide,
        // without correlation, and 2 sd off in every coordinate.
        const int D = 8;
        static double Target(ReadOnlySpan<double> z)
        {
            double log = LogEvidence + SpecialFunctions.NormalLogPdf(z[0]);
            for (int j = 1; j < D; j++)
            {
                log += SpecialFunctions.NormalLogPdf((z[j] - (0.8 * z[j - 1])) / 0.6) - Math.Log(0.6);
            }

            return log;
        }

        AdaptiveImportanceResult result = Run(Target, D, shift: 2, width: 3, seed: 1);

        Assert.Equal(AdaptationStop.Settled, result.Stop);
        Assert.True(result.History[0].Efficiency < 0.002);
        Assert.True(result.Weights!.Efficiency > 0.5, $"efficiency {result.Weights.Efficiency}");
        Assert.True(result.Weights.ParetoK < 0.5);
        Assert.Equal(LogEvidence, result.Weights.LogEvidence, 4 * result.Weights.LogEvidenceError);
        double se = 1 / Math.Sqrt(result.Weights.EffectiveSampleSize);
        for (int j = 0; j < D; j++)
        {
            // 4.5 standard errors for 24 comparisons; the variance of a product of normals is at most 2.
            Assert.Equal(0, Mean(result, D, z => z[j]), 4.5 * se);
            Assert.Equal(1, Mean(result, D, z => z[j] * z[j]), 4.5 * Math.Sqrt(2) * se);
            Assert.Equal(j == 0 ? 1 : 0.8, Mean(result, D, z => z[j] * z[Math.Max(0, j - 1)]), 4.5 * Math.Sqrt(2) * se);
        }
    }

    [Fact]
    public void Run_Banana_FollowsTheBend()
    {
        // z₀ ~ N(0, 1), z₁ ~ N(z₀² − 1, 0.3²): E z₁ = 0, var z₁ = 2 + 0.09.
        AdaptiveImportanceResult result = Run(
            z => LogEvidence + SpecialFunctions.NormalLogPdf(z[0]) + SpecialFunctions.NormalLogPdf((z[1] - (z[0] * z[0]) + 1) / 0.3) - Math.Log(0.3),
            dimension: 2, shift: 1, width: 3, seed: 2, new AdaptiveImportanceOptions { Components = 8 });

        Assert.True(result.Weights!.Efficiency > 0.3, $"efficiency {result.Weights.Efficiency}");
        Assert.True(result.Weights.Efficiency > 5 * result.History[0].Efficiency);
        Assert.Equal(LogEvidence, result.Weights.LogEvidence, 4 * result.Weights.LogEvidenceError);
        double se = 1 / Math.Sqrt(result.Weights.EffectiveSampleSize);
        Assert.Equal(0, Mean(result, 2, z => z[1]), 4 * Math.Sqrt(2.09) * se);

        // var z₁² = E z₁⁴ − 2.09²; with y = z₀² − 1 (moments 0, 2, 8, 60) it is 60 + 6·2·0.09 + 3·0.09² − 2.09².
        Assert.Equal(2.09, Mean(result, 2, z => z[1] * z[1]), 4 * Math.Sqrt(60 + 1.08 + 0.0243 - (2.09 * 2.09)) * se);
    }

    [Fact]
    public void Run_TwoModes_KeepsBothWithTheirShares()
    {
        // Modes 8 sd apart in each of three coordinates, shares 0.3 and 0.7.
        AdaptiveImportanceResult result = Run(
            z => LogEvidence + SpecialFunctions.LogAddExp(Math.Log(0.3) + Bell(z, -4), Math.Log(0.7) + Bell(z, 4)),
            dimension: 3, shift: 1, width: 5, seed: 3);

        Assert.True(result.Weights!.Efficiency > 0.5, $"efficiency {result.Weights.Efficiency}");
        Assert.Equal(LogEvidence, result.Weights.LogEvidence, 4 * result.Weights.LogEvidenceError);
        double share = Mean(result, 3, z => z[0] < 0 ? 1 : 0);
        Assert.Equal(0.3, share, 4 * Math.Sqrt(0.3 * 0.7 / result.Weights.EffectiveSampleSize));

        static double Bell(ReadOnlySpan<double> z, double centre)
        {
            double log = 0;
            foreach (double v in z)
            {
                log += SpecialFunctions.NormalLogPdf(v - centre);
            }

            return log;
        }
    }

    [Fact]
    public void Run_ManySeeds_EvidenceErrorIsHonest()
    {
        // Adaptation must not bias the result: z-scores of the evidence over seeds have mean 0 and variance 1.
        const int Seeds = 40;
        var options = new AdaptiveImportanceOptions { RoundDraws = 400, FinalDraws = 500, Rounds = 4, Components = 2 };
        double[] z = [.. Enumerable.Range(0, Seeds).Select(seed =>
        {
            AdaptiveImportanceResult result = Run(Gaussian, 2, shift: 1, width: 2, (ulong)seed, options);
            return (result.Weights!.LogEvidence - LogEvidence) / result.Weights.LogEvidenceError;
        })];

        Assert.Equal(0, z.Average(), 4 / Math.Sqrt(Seeds));
        Assert.Equal(1, z.Average(v => v * v), 4 * Math.Sqrt(2.0 / Seeds));
    }

    [Fact]
    public void Run_OtherThreadCount_GivesTheSameBits()
    {
        var options = new AdaptiveImportanceOptions { RoundDraws = 300, FinalDraws = 200, Rounds = 3 };
        AdaptiveImportanceResult one = Run(Gaussian, 2, 1, 2, seed: 4, options with { Threads = 1 }), all = Run(Gaussian, 2, 1, 2, seed: 4, options);

        Assert.Equal(one.Draws, all.Draws);
        Assert.Equal(one.LogWeights, all.LogWeights);
        Assert.Equal(one.Evaluations, 2_000 + (300 * (one.History.Count - 1)) + 200);
    }

    [Fact]
    public void Run_NoOverlap_IsAnOutcome()
    {
        AdaptiveImportanceResult result = Run(_ => double.NegativeInfinity, 2, 0, 1, seed: 5);
        Assert.Equal(AdaptationStop.NoOverlap, result.Stop);
        Assert.Empty(result.Draws);
        Assert.Null(result.Weights);
        Assert.Equal(0, result.History[0].Efficiency);
        Assert.Equal(AdaptationStop.NoOverlap, Run(_ => double.NaN, 2, 0, 1, seed: 5).Stop);
    }

    [Fact]
    public void Run_TargetFailsSometimes_CountsTheFailures()
    {
        AdaptiveImportanceResult result = Run(z => z[0] > 1 ? double.NaN : Gaussian(z), 2, 0, 1.5, seed: 6);
        Assert.InRange(result.Weights!.Invalid, 1, 3_000);
        Assert.Equal(LogEvidence + SpecialFunctions.NormalLogCdf(1), result.Weights.LogEvidence, 4 * result.Weights.LogEvidenceError);
    }

    [Fact]
    public void Run_TooFewRounds_SaysSo() =>
        Assert.Equal(AdaptationStop.RoundsExhausted, Run(Gaussian, 2, 2, 3, seed: 7, new AdaptiveImportanceOptions { Rounds = 1 }).Stop);

    [Fact]
    public void Run_BadInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => AdaptiveImportance.Run(Gaussian, [1, 2, 3], [0], 2, new Rng(1)));
        Assert.Throws<ArgumentException>(() => AdaptiveImportance.Run(Gaussian, [1, 2], [double.NaN], 2, new Rng(1)));
        Assert.Throws<ArgumentException>(() => Run(Gaussian, 2, 0, 1, 1, new AdaptiveImportanceOptions { FitShare = 0 }));
    }

    private static double Gaussian(ReadOnlySpan<double> z) =>
        LogEvidence + SpecialFunctions.NormalLogPdf(z[0]) + SpecialFunctions.NormalLogPdf(z[1]);

    private static AdaptiveImportanceResult Run(
        LogDensity target, int dimension, double shift, double width, ulong seed, AdaptiveImportanceOptions? options = null)
    {
        const int Count = 2_000;
        var rng = new Rng(seed);
        double[] draws = new double[Count * dimension], log = new double[Count];
        for (int i = 0; i < draws.Length; i++)
        {
            double e = rng.NextNormal();
            draws[i] = shift + (width * e);
            log[i / dimension] += SpecialFunctions.NormalLogPdf(e) - Math.Log(width);
        }

        return AdaptiveImportance.Run(target, draws, log, dimension, rng.Split("adapt"), options);
    }

    private static double Mean(AdaptiveImportanceResult result, int d, Func<double[], double> f)
    {
        double sum = 0;
        double[] draws = [.. result.Draws];
        for (int i = 0; i < result.Weights!.Count; i++)
        {
            sum += result.Weights.Weights[i] * f(draws[(i * d)..((i + 1) * d)]) / result.Weights.Count;
        }

        return sum;
    }
}
