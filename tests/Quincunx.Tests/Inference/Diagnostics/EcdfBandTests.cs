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

        Assert.Equal(Enumerate(count, intervals, 1, 0, 0, band), band.Coverage, 1e-12);
        Assert.True(band.Coverage >= 0.8);
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
    private static double Enumerate(int count, int intervals, double probability, int point, int before, EcdfBand band)
    {
        if (point == intervals - 1)
        {
            return probability;
        }

        double sum = 0;
        for (int k = 0; k <= count - before; k++)
        {
            double share = (double)(before + k) / count;
            if (share >= band.Lower[point] && share <= band.Upper[point])
            {
                double p = Math.Exp(SpecialFunctions.BinomialLogPmf(k, count - before, 1.0 / (intervals - point)));
                sum += Enumerate(count, intervals, probability * p, point + 1, before + k, band);
            }
        }

        return sum;
    }
}
