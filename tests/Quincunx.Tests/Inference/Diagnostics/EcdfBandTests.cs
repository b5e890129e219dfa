using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class EcdfBandTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 3)]
    [InlineData(20, 5)]
    public void Simultaneous_SmallCases_MatchesEnumerationOfAllCounts(int count, int intervals)
    {
        EcdfBand band = EcdfBand.Simultaneous(count, intervals, 0.8);

        Assert.Equal(Enumerate(count, 1, 0, 0, band), band.Coverage, 1e-12);
        Assert.True(band.Coverage >= 0.8);
        Assert.Equal(intervals, band.Intervals);
    }

    [Theory]
    [InlineData(2, new[] { 0.2, 0.9 })]
    [InlineData(20, new[] { 0.01, 0.03, 0.5, 0.75 })]
    [InlineData(31, new[] { 0.3, 0.300001, 0.99 })]
    public void Simultaneous_UnequalPoints_MatchesEnumerationOfAllCounts(int count, double[] points)
    {
        EcdfBand band = EcdfBand.Simultaneous(count, points, 0.8);

        Assert.Equal(Enumerate(count, 1, 0, 0, band), band.Coverage, 1e-12);
        Assert.True(band.Coverage >= 0.8);
        Assert.Equal(points, band.Points);
    }

    [Theory]
    [InlineData(20, 0.3, 0.95)]
    [InlineData(7, 0.9, 0.5)]
    [InlineData(1, 0.5, 0.99)]
    [InlineData(400, 0.05, 0.9975)]
    public void Simultaneous_OnePoint_IsTheNarrowestCentralBinomialInterval(int count, double p, double level)
    {
        EcdfBand band = EcdfBand.Simultaneous(count, [p], level);
        double Sum(int from, int to) => Enumerable.Range(from, to - from + 1).Sum(k => Math.Exp(SpecialFunctions.BinomialLogPmf(k, count, p)));
        int lower = (int)Math.Round(band.Lower[0] * count), upper = (int)Math.Round(band.Upper[0] * count);

        Assert.True(band.IsExact);
        Assert.Equal(Sum(lower, upper), band.Coverage, 1e-12);
        Assert.True(band.Coverage >= level);

        // The less probable of the two ends cannot be left out.
        bool isLowerRarer = Sum(0, lower) < Sum(upper, count);
        Assert.True(lower == upper || Sum(isLowerRarer ? lower + 1 : lower, isLowerRarer ? upper : upper - 1) < level);
    }

    [Fact]
    public void Simultaneous_ManyUniforms_IsTighterThanBonferroniAndWiderThanPointwise()
    {
        EcdfBand band = EcdfBand.Simultaneous(1000, 40, 0.95);

        // Pointwise 1.96 deviations; Bonferroni over 39 points 3.22.
        Assert.InRange((band.Upper[19] - band.Lower[19]) / 2 / Math.Sqrt(0.25 / 1000), 2.3, 3.1);
    }

    [Fact]
    public void Simultaneous_CountTimesPointsAboveTheLimit_IsBonferroniAndContainsTheExactBand()
    {
        // 40 points: exact up to 50,000. In units of the deviation 1/√n the band just above must contain that just below.
        EcdfBand exact = EcdfBand.Simultaneous(50_000, 41, 0.95), bound = EcdfBand.Simultaneous(50_001, 41, 0.95);
        EcdfBand large = EcdfBand.Simultaneous(100_000_000, 41, 0.95);

        Assert.True(exact.IsExact);
        Assert.False(bound.IsExact);
        Assert.InRange(exact.Coverage, 0.95, 0.951);
        Assert.InRange(bound.Coverage, 0.95, 0.951);
        Assert.All(Enumerable.Range(0, 40), k => Assert.True(bound.Lower[k] < exact.Lower[k] && bound.Upper[k] > exact.Upper[k]));

        // Standard normal quantile of 1 - 0.05 / 80: 3.2272. A count is 1e-4 of a deviation at point 20/41 of the largest.
        double p = 20.0 / 41;
        Assert.Equal(3.2272, (large.Upper[19] - large.Lower[19]) / 2 / Math.Sqrt(p * (1 - p) / 100_000_000), 1e-3);
    }

    [Fact]
    public void PValue_AboveTheLimit_IsTheSumOverPointsAndAgreesWithTheBand()
    {
        const int Count = 60_000;
        EcdfBand band = EcdfBand.Simultaneous(Count, 41, 0.95);
        double[] even = [.. Enumerable.Range(0, Count).Select(i => (i + 0.5) / Count)];
        Assert.False(band.IsExact);
        Assert.Equal(1, band.PValue(even));

        // Moved from above a point to just below it until the count there is the last inside, then the first outside.
        double point = band.Points[29];
        int inside = (int)Math.Round(band.Upper[29] * Count) - even.Count(u => u <= point);
        Assert.True(band.PValue(Moved(inside)) > 1 - band.Coverage);
        Assert.True(band.PValue(Moved(inside + 1)) <= 1 - band.Coverage + 1e-12);

        double[] Moved(int many)
        {
            int first = Array.FindIndex(even, u => u > point);
            return [.. even.Select((u, i) => i >= first && i < first + many ? point : u)];
        }
    }

    [Fact]
    public void Simultaneous_PointsOutOfOrderOrRange_Throws()
    {
        foreach (double[] points in (double[][])[[], [0], [1], [0.5, 0.5], [0.6, 0.4], [double.NaN], [0.2, double.NaN, 0.5]])
        {
            Assert.Throws<ArgumentException>(() => EcdfBand.Simultaneous(10, points, 0.95));
        }
    }

    [Theory]
    [InlineData(50, 20, 0.95)]
    [InlineData(300, 60, 0.9)]
    public void Simultaneous_ManyUniformSamples_CoversAsItSays(int count, int intervals, double level)
    {
        const int Runs = 1_000;
        EcdfBand band = EcdfBand.Simultaneous(count, intervals, level);
        var rng = new Rng(1);
        int inside = 0, alarms = 0;
        double[] u = new double[count];
        for (int run = 0; run < Runs; run++)
        {
            rng.FillUniform(u);
            bool stays = true;
            for (int k = 0; k < band.Points.Count; k++)
            {
                double share = (double)u.Count(v => v <= band.Points[k]) / count;
                stays &= share >= band.Lower[k] && share <= band.Upper[k];
            }

            inside += stays ? 1 : 0;
            bool alarm = band.PValue(u) <= 1 - band.Coverage + 1e-12;
            alarms += alarm ? 1 : 0;
            Assert.Equal(stays, !alarm);                // the band and the p-value are one test
        }

        Assert.Equal(band.Coverage, (double)inside / Runs, 4 * Math.Sqrt(level * (1 - level) / Runs));
        Assert.InRange(band.Coverage, level, level + 0.02);
    }

    [Fact]
    public void PValue_UniformSamples_IsUniformButForSteps()
    {
        const int Count = 200, Runs = 2_000;
        EcdfBand band = EcdfBand.Simultaneous(Count, 50, 0.95);
        var rng = new Rng(2);
        double[] u = new double[Count];
        double[] p = [.. Enumerable.Range(0, Runs).Select(_ =>
        {
            rng.FillUniform(u);
            return band.PValue(u);
        })];

        foreach (double alpha in (double[])[0.01, 0.05, 0.2, 0.5])
        {
            // Exact and conservative: never more alarms than α but for 4 standard errors, nor fewer than α less a step of the counts.
            double share = (double)p.Count(v => v <= alpha) / Runs, error = 4 * Math.Sqrt(alpha * (1 - alpha) / Runs);
            Assert.InRange(share, (0.85 * alpha) - error, alpha + error);
        }
    }

    [Fact]
    public void PValue_ValuesAtOneEnd_IsTiny()
    {
        EcdfBand band = EcdfBand.Simultaneous(100, 50, 0.95);
        Assert.True(band.PValue([.. Enumerable.Range(0, 100).Select(i => 0.3 + (0.7 * i / 100))]) < 1e-9);
        Assert.Throws<ArgumentException>(() => band.PValue([0.5]));
        Assert.Throws<ArgumentException>(() => band.PValue([.. Enumerable.Repeat(double.NaN, 100)]));
    }

    // All ways to put the remaining counts into the remaining bins, by the multinomial law.
    private static double Enumerate(int count, double probability, int point, int before, EcdfBand band)
    {
        if (point == band.Points.Count)
        {
            return probability;
        }

        double sum = 0, passed = point == 0 ? 0 : band.Points[point - 1], step = (band.Points[point] - passed) / (1 - passed);
        for (int k = 0; k <= count - before; k++)
        {
            double share = (double)(before + k) / count;
            if (share >= band.Lower[point] && share <= band.Upper[point])
            {
                double p = Math.Exp(SpecialFunctions.BinomialLogPmf(k, count - before, step));
                sum += Enumerate(count, probability * p, point + 1, before + k, band);
            }
        }

        return sum;
    }
}
