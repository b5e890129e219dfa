using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Samplers;

internal static class Moments
{
    /// <summary>The mean of a quantity, in its own standard errors. 4.5 of them are passed by chance once in 150,000 comparisons.</summary>
    public static void AssertMean(ChainResult result, double expected, Func<ReadOnlySpan<double>, double> quantity, double errors = 4.5)
    {
        ChainSummary summary = result.Of(quantity);
        double ess = Math.Pow(summary.StandardDeviation / summary.MeanError, 2);
        Assert.True(ess > 200, $"Only {ess:0} effective draws: their error is not known.");
        Assert.Equal(expected, summary.Mean, errors * summary.MeanError);
    }

    /// <summary>A quantity of the last draws of independent chains is standard normal. A p-value below 1e-4 comes by chance once in 10,000 comparisons.</summary>
    public static void AssertNormal(ChainResult result, Func<ReadOnlySpan<double>, double> quantity)
    {
        double[] uniforms = [.. result.Series(quantity).Select(s => SpecialFunctions.NormalCdf(s[^1]))];
        (double above, double below) = UniformityTest.Distances(uniforms);
        double p = SpecialFunctions.KolmogorovSmirnovPValue(Math.Max(above, below), uniforms.Length);
        Assert.True(p > 1e-4, $"p = {p}");
    }
}
