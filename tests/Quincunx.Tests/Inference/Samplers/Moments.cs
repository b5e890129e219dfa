using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Samplers;

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
}
