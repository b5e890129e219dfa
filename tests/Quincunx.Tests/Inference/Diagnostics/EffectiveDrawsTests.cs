using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class EffectiveDrawsTests
{
    // An autoregressive chain with coefficient a: n draws are worth n (1 - a) / (1 + a) for the mean.
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(-0.5)]
    public void Of_AutoregressiveChains_IsTheKnownNumber(double a)
    {
        double[] estimates = [.. Enumerable.Range(0, 40).Select(i => EffectiveDraws.Of(Chains(4, 2_000, a, new Rng(1).Split(i))))];

        double expected = 8_000 * (1 - a) / (1 + a), mean = estimates.Average();
        double error = Math.Sqrt(estimates.Sum(e => (e - mean) * (e - mean)) / 39 / 40);
        Assert.Equal(expected, mean, (4 * error) + (0.03 * expected));      // sums that are cut off are biased by a few per cent
    }

    // The mean of the chains is as far from the truth as the number says.
    [Fact]
    public void Summary_MeanError_IsThatOfTheMean()
    {
        double[] scores = [.. Enumerable.Range(0, 400).Select(i =>
        {
            var summary = ChainSummary.Of(Chains(4, 500, 0.7, new Rng(2).Split(i)));
            return summary.Mean / summary.MeanError;
        })];

        // A χ² of 400 over 400: standard deviation √(2 / 400); errors estimated from few effective draws add a little.
        Assert.Equal(1, scores.Average(s => s * s), 4.5 * Math.Sqrt(2 / 400.0) + 0.05);
    }

    [Fact]
    public void BulkAndTail_OfIndependentDraws_AreTheirNumber_AlsoWithoutMoments()
    {
        double[][] normal = Chains(4, 1_000, 0, new Rng(3)), cauchy = [.. normal.Select(c => c.Select(z => Math.Tan(Math.PI * (Quincunx.Numerics.Special.SpecialFunctions.NormalCdf(z) - 0.5))).ToArray())];

        Assert.Equal(4_000, EffectiveDraws.Bulk(normal), 600.0);
        Assert.Equal(4_000, EffectiveDraws.Tail(normal), 600.0);

        // Ranks do not know that the values are another function of the same noise.
        Assert.Equal(EffectiveDraws.Bulk(normal), EffectiveDraws.Bulk(cauchy), 1e-6);
        Assert.Equal(EffectiveDraws.Tail(normal), EffectiveDraws.Tail(cauchy), 20.0);
        Assert.Equal(SplitRHat.RankNormalised(normal), SplitRHat.RankNormalised(cauchy), 0.002);
    }

    [Fact]
    public void RankNormalisedRHat_FalseAlarms_AreRare()
    {
        int alarms = Enumerable.Range(0, 300).Count(i => SplitRHat.RankNormalised(Chains(4, 1_000, 0.3, new Rng(4).Split(i))) > 1.01);

        // The paper's limit is far out: with about 2,000 effective draws R-hat exceeds it less than once in a hundred.
        Assert.InRange(alarms, 0, 10);
    }

    [Fact]
    public void RankNormalisedRHat_SeesLocation_Spread_AndDrift()
    {
        double[][] chains = Chains(4, 1_000, 0, new Rng(5));
        double[][] shifted = [.. chains[..3], [.. chains[3].Select(v => v + 0.5)]], wider = [.. chains[..3], [.. chains[3].Select(v => 2 * v)]];
        double[][] drifting = [.. chains.Select(c => c.Select((v, i) => v + (i / 1_000.0)).ToArray())];

        Assert.True(SplitRHat.RankNormalised(shifted) > 1.01);
        Assert.True(SplitRHat.RankNormalised(wider) > 1.01);
        Assert.True(SplitRHat.Of(wider) < 1.01);        // what the plain one does not see
        Assert.True(SplitRHat.RankNormalised(drifting) > 1.01);
        Assert.True(EffectiveDraws.Bulk(shifted) < 400);
    }

    // By hand: four chains of four values; halves (1, 2), (3, 5) and (2, 1), (4, 3).
    [Fact]
    public void Of_ByHand_IsTheFormula()
    {
        double[][] chains = [[1, 2, 3, 5], [2, 1, 4, 3]];

        // Halves have means 1.5 4 1.5 3.5, unbiased variances .5 2 .5 .5 (mean 0.875); their means the variance 1.7292; var⁺ = 0.4375 + 1.7292 = 2.1667. The autocovariance at
        // distance 1 is -1/2 of each variance, so ρ₁ = 1 - (0.875 + 0.4375) / 2.1667 = 0.3942, and τ = 2 (1 + 0.3942) - 1 = 1.7885.
        double between = new[] { 1.5, 4, 1.5, 3.5 }.Sum(m => (m - 2.625) * (m - 2.625)) / 3, variance = 0.4375 + between;
        double rho = 1 - ((0.875 + 0.4375) / variance);
        Assert.Equal(8 / ((2 * (1 + rho)) - 1), EffectiveDraws.Of(chains), 1e-12);
    }

    [Fact]
    public void Of_DegenerateChains_IsNaN_AndOtherLengthsThrow()
    {
        Assert.True(double.IsNaN(EffectiveDraws.Of([1, 1, 1, 1], [1, 1, 1, 1])));
        Assert.True(double.IsNaN(EffectiveDraws.Bulk([1, 2, double.NaN, 4])));
        Assert.True(double.IsNaN(EffectiveDraws.Tail([1, 2])));
        Assert.True(double.IsNaN(SplitRHat.RankNormalised([1, 2, double.PositiveInfinity, 4])));
        Assert.Equal(1, SplitRHat.RankNormalised([2, 2, 2, 2], [2, 2, 2, 2]));
        Assert.Contains("[2, 1]", Assert.Throws<ArgumentException>(() => EffectiveDraws.Of([1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EffectiveDraws.Tail());
        Assert.Throws<ArgumentException>(() => SplitRHat.RankNormalised([]));
    }

    private static double[][] Chains(int count, int length, double coefficient, Rng rng)
    {
        double[][] chains = [.. Enumerable.Range(0, count).Select(_ => new double[length])];
        for (int c = 0; c < count; c++)
        {
            Rng own = rng.Split(c);
            double value = own.NextNormal();
            for (int i = 0; i < length; i++)
            {
                chains[c][i] = value;
                value = (coefficient * value) + (Math.Sqrt(1 - (coefficient * coefficient)) * own.NextNormal());
            }
        }

        return chains;
    }
}
