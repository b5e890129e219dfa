using Quincunx.Numerics.Random;
using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Tests.Runs.Reports;

public sealed class EcdfBandTests
{
    [Fact]
    public void Coverage_OnePoint_IsTheBinomialSum()
    {
        // 4 draws, 1 to 3 of them below 1/2: (4 + 6 + 4) / 16.
        Assert.Equal(14.0 / 16, EcdfBand.Coverage(4, [0.5], [1], [3]), 1e-14);
    }

    [Fact]
    public void Coverage_TwoPoints_IsTheMultinomialSum()
    {
        // 2 draws in thirds; at most 1 below 1/3 and at least 1 below 2/3: all 9 pairs but (1,1) and (3,3).
        Assert.Equal(7.0 / 9, EcdfBand.Coverage(2, [1.0 / 3, 2.0 / 3], [0, 1], [1, 2]), 1e-14);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    [InlineData(1000)]
    public void Of_UniformDraws_HoldsThemAsOftenAsItSays(int draws)
    {
        double[] points = [.. Enumerable.Range(1, 19).Select(i => i / 20.0)];
        (double[] low, double[] high) = EcdfBand.Of(draws, points, 0.95);

        const int Repeats = 2_000;
        Rng root = new Rng(3).Split(draws);
        int held = 0;
        for (int r = 0; r < Repeats; r++)
        {
            Rng rng = root.Split(r);
            int[] counts = new int[20];
            for (int i = 0; i < draws; i++)
            {
                counts[(int)(rng.NextDouble() * 20)]++;
            }

            int below = 0;
            bool isInside = true;
            for (int p = 0; p < points.Length; p++)
            {
                below += counts[p];
                double share = below / (double)draws;
                isInside &= share >= low[p] - 1e-12 && share <= high[p] + 1e-12;
            }

            held += isInside ? 1 : 0;
        }

        // 4 standard errors of 2,000 repeats are 0.02. Above, discreteness may add: no more than 0.03 at 10 draws.
        Assert.InRange(held / (double)Repeats, 0.95 - 0.02, 0.98 + 0.02);
    }

    [Fact]
    public void Of_ManyDraws_IsMuchTighterThanBonferroniAndWiderThanPointwise()
    {
        double[] points = [.. Enumerable.Range(1, 39).Select(i => i / 40.0)];
        (double[] low, double[] high) = EcdfBand.Of(1000, points, 0.95);
        double halfWidth = (high[19] - low[19]) / 2, deviation = Math.Sqrt(0.25 / 1000);

        // Pointwise 1.96 deviations; Bonferroni over 39 points 3.22.
        Assert.InRange(halfWidth / deviation, 2.3, 3.1);
    }

    [Theory]
    [InlineData(20, 0.3, 0.025)]
    [InlineData(20, 0.3, 0.975)]
    [InlineData(7, 0.9, 0.5)]
    [InlineData(1, 0.5, 0.999)]
    public void Quantile_IsTheSmallestCountThatReachesTheProbability(int n, double p, double probability)
    {
        double[] log = Binomial.LogFactorials(n);
        int k = Binomial.Quantile(n, p, probability, log);
        double Cumulative(int to) => Enumerable.Range(0, to + 1).Sum(i => Binomial.Mass(n, i, Math.Log(p), Math.Log(1 - p), log));

        Assert.True(Cumulative(k) >= probability - 1e-12);
        Assert.True(k == 0 || Cumulative(k - 1) < probability);
    }
}
