using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class AutocorrelatedMeanTests
{
    // xᵢ = ρ xᵢ₋₁ + noise has τ = ½ (1 + ρ) / (1 - ρ) exactly.
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Of_AutoregressiveSeries_FindsTheExactTimeAndAnHonestError(double rho)
    {
        const int Repetitions = 200, Length = 4000;
        double[] pulls = new double[Repetitions], times = new double[Repetitions];
        for (int r = 0; r < Repetitions; r++)
        {
            AutocorrelatedMean found = AutocorrelatedMean.Of(Series(rho, Length, new Rng(2).Split(r)));
            (pulls[r], times[r]) = (found.Mean / found.Error, found.Time);
        }

        double exact = 0.5 * (1 + rho) / (1 - rho);
        Assert.InRange(times.Average() / exact, 0.93, 1.07);

        // Means in units of their error are standard normal: the variance of 200 of them is known to 10 %.
        Assert.InRange(pulls.Sum(p => p * p) / Repetitions, 0.65, 1.4);
    }

    [Fact]
    public void Of_SeveralChains_CountsThemTogether()
    {
        double[][] chains = [.. Enumerable.Range(0, 10).Select(i => Series(0.8, 2000, new Rng(3).Split(i)))];
        AutocorrelatedMean all = AutocorrelatedMean.Of(chains), one = AutocorrelatedMean.Of(chains[0]);
        Assert.Equal(20_000, all.Count);
        Assert.Equal(chains.Average(c => c.Average()), all.Mean, 1e-12);
        Assert.InRange(one.Error / all.Error, 2.2, 4.5);                        // √10, with errors known to some 10 %
        Assert.InRange(all.Time, 3.6, 5.4);                                     // 4.5
        Assert.Equal(all.Count / (2 * all.Time), all.EffectiveCount);
    }

    [Fact]
    public void Of_ConstantOrShortSeries_IsDefined()
    {
        AutocorrelatedMean constant = AutocorrelatedMean.Of(new double[] { 3, 3, 3 });
        Assert.Equal((3.0, 0.0, 0.5), (constant.Mean, constant.Error, constant.Time));
        Assert.True(double.IsNaN(AutocorrelatedMean.Of(new double[] { 1, double.NaN, 2 }).Error));
        Assert.Throws<ArgumentException>(() => AutocorrelatedMean.Of(new double[] { 1 }));
        Assert.Throws<ArgumentException>(() => AutocorrelatedMean.Of());
    }

    [Fact]
    public void Of_ValuesThatAvoidEachOther_CountAsIndependent()
    {
        AutocorrelatedMean found = AutocorrelatedMean.Of(Series(-0.4, 4000, new Rng(2)));
        Assert.InRange(found.Time, 0.5, 0.51);
        Assert.Equal(Math.Sqrt(1 / (1 - 0.16) / 4000), found.Error, 0.03 * found.Error);
    }

    private static double[] Series(double rho, int length, Rng rng)
    {
        double[] x = new double[length];
        x[0] = rng.NextNormal() / Math.Sqrt(1 - (rho * rho));
        for (int i = 1; i < length; i++)
        {
            x[i] = (rho * x[i - 1]) + rng.NextNormal();
        }

        return x;
    }
}
