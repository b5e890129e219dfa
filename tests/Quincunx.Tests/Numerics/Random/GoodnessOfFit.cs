using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Numerics.Random;

/// <summary>Tests of draws against a law; they fail below p = 1e-6, so that some hundreds of them raise a false alarm once in thousands of seeds.</summary>
internal static class GoodnessOfFit
{
    private const double Level = 1e-6;

    /// <summary>Kolmogorov-Smirnov against a continuous distribution function.</summary>
    public static void AssertContinuous(double[] draws, Func<double, double> cdf, string what = "")
    {
        double[] sorted = [.. draws];
        Array.Sort(sorted);
        int n = sorted.Length;
        double d = 0;
        for (int i = 0; i < n; i++)
        {
            double p = cdf(sorted[i]);
            Assert.InRange(p, 0, 1);
            d = Math.Max(d, Math.Max((i + 1.0) / n - p, p - (double)i / n));
        }

        double pValue = SpecialFunctions.KolmogorovSmirnovPValue(d, n);
        Assert.True(pValue > Level, $"{what}: D = {d} of {n} draws, p = {pValue}");
    }

    /// <summary>Pearson's chi-squared against probabilities of the whole numbers from <paramref name="first"/>; cells are merged to expect at least 8.</summary>
    public static void AssertDiscrete(long[] draws, long first, long last, Func<long, double> logPmf, string what = "")
    {
        Dictionary<long, int> counts = draws.GroupBy(k => k).ToDictionary(g => g.Key, g => g.Count());
        Assert.All(counts.Keys, k => Assert.InRange(k, first, last));
        List<(double Expected, double Found)> cells = [];
        double expected = 0, found = 0, total = 0;
        for (long k = first; k <= last; k++)
        {
            double p = Math.Exp(logPmf(k));
            total += p;
            expected += p * draws.Length;
            found += counts.GetValueOrDefault(k);
            if (expected >= 8)
            {
                cells.Add((expected, found));
                (expected, found) = (0, 0);
            }
        }

        Assert.Equal(1, total, 1e-9);
        (double e, double f) = cells[^1];
        cells[^1] = (e + expected, f + found);
        double statistic = cells.Sum(c => (c.Found - c.Expected) * (c.Found - c.Expected) / c.Expected);
        double pValue = cells.Count == 1 ? 1 : SpecialFunctions.ChiSquaredSurvival(statistic, cells.Count - 1);
        Assert.True(pValue > Level, $"{what}: chi-squared = {statistic} in {cells.Count} cells, p = {pValue}");
    }

    /// <summary>Mean and variance within 5 standard errors (one in 1.7 million seeds each); the fourth moment comes from the draws.</summary>
    public static void AssertMoments(double[] draws, double mean, double variance, string what = "")
    {
        int n = draws.Length;
        double average = draws.Average();
        double spread = draws.Average(x => (x - mean) * (x - mean));
        double fourth = draws.Average(x => Math.Pow(x - mean, 4));
        Assert.True(Math.Abs(average - mean) <= 5 * Math.Sqrt(variance / n), $"{what}: mean {average}, expected {mean}");
        double error = Math.Sqrt(Math.Max(0, fourth - spread * spread) / n);
        Assert.True(Math.Abs(spread - variance) <= 5 * error + 1e-12 * variance, $"{what}: variance {spread}, expected {variance} ± {error}");
    }
}
