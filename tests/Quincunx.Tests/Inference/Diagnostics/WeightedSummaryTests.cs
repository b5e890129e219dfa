using Quincunx.Inference.Diagnostics;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class WeightedSummaryTests
{
    [Fact]
    public void Of_EqualWeights_MatchesTextbookForms()
    {
        // 1..5: mean 3, variance 10/4, Hazen quantile at p: value at position 5 p + 1/2.
        var summary = WeightedSummary.Of([5, 3, 1, 2, 4]);

        Assert.Equal(3, summary.Mean, 1e-14);
        Assert.Equal(Math.Sqrt(2.5), summary.StandardDeviation, 1e-14);
        Assert.Equal(5, summary.EffectiveSampleSize, 1e-13);
        Assert.Equal(3, summary.Quantile(0.5), 1e-14);
        Assert.Equal(1.75, summary.Quantile(0.25), 1e-14);
        Assert.Equal(1, summary.Quantile(0));
        Assert.Equal(5, summary.Quantile(1));
    }

    [Fact]
    public void Of_UnequalWeights_MatchesHandComputation()
    {
        // w = (1, 3)/4 on (0, 4): mean 3; Σ w (x − 3)² = 9/4 + 3/4 = 3; 1 − Σ w² = 6/16; ESS = 16/10.
        var summary = WeightedSummary.Of([0, 4], [1, 3]);

        Assert.Equal(3, summary.Mean, 1e-14);
        Assert.Equal(Math.Sqrt(8), summary.StandardDeviation, 1e-14);
        Assert.Equal(1.6, summary.EffectiveSampleSize, 1e-14);

        // Levels 1/8 and 5/8: the median lies three quarters of the way from 0 to 4.
        Assert.Equal(3, summary.Quantile(0.5), 1e-14);
        Assert.Equal(0, summary.Quantile(0.1));
        Assert.Equal(4, summary.Quantile(0.7));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Of_ScaledWeights_ChangesNothing(double scale)
    {
        double[] values = [2.5, -1, 7, 0.25], weights = [0.5, 2, 1, 4];
        var plain = WeightedSummary.Of(values, weights);
        var scaled = WeightedSummary.Of(values, [.. weights.Select(w => w * scale)]);

        Assert.Equal(plain.Mean, scaled.Mean, 1e-13);
        Assert.Equal(plain.StandardDeviation, scaled.StandardDeviation, 1e-13);
        Assert.Equal(plain.EffectiveSampleSize, scaled.EffectiveSampleSize, 1e-12);
        Assert.Equal(plain.Quantile(0.4), scaled.Quantile(0.4), 1e-13);
    }

    [Fact]
    public void Of_LargeMean_KeepsTheSpread()
    {
        var summary = WeightedSummary.Of([1e9 - 1, 1e9, 1e9 + 1]);
        Assert.Equal(1, summary.StandardDeviation, 1e-12);
    }

    [Fact]
    public void Of_ImportanceWeights_RecoversTheTarget()
    {
        // Proposal: uniform on [0, 1], as a stratified grid; target density 2 x. Mean 2/3, variance 1/18, quantile √p,
        // ESS/n = (∫ 2x)² / ∫ 4x² = 3/4. The grid's error is of order 1/n² = 1e-8.
        double[] x = [.. Enumerable.Range(0, 10_000).Select(i => (i + 0.5) / 10_000)];
        var summary = WeightedSummary.Of(x, x);

        Assert.Equal(2.0 / 3, summary.Mean, 1e-8);
        Assert.Equal(Math.Sqrt(1.0 / 18), summary.StandardDeviation, 3e-5);   // 1/(1 − Σ w²) adds 1/(2 ESS)
        Assert.Equal(7_500, summary.EffectiveSampleSize, 1e-3);
        Assert.Equal(Math.Sqrt(0.3), summary.Quantile(0.3), 1e-7);
    }

    [Fact]
    public void Of_NaN_IsNaNUnlessItsWeightIsZero()
    {
        var broken = WeightedSummary.Of([1, double.NaN, 2], [1, 1, 1]);
        Assert.True(double.IsNaN(broken.Mean) && double.IsNaN(broken.StandardDeviation) && double.IsNaN(broken.Quantile(0.9)));

        var ignored = WeightedSummary.Of([1, double.NaN, 3], [1, 0, 1]);
        Assert.Equal(2, ignored.Mean, 1e-15);
        Assert.Equal(2, ignored.Quantile(0.5), 1e-15);
    }

    [Fact]
    public void Of_OneDraw_HasNoSpread()
    {
        var summary = WeightedSummary.Of([4], [7]);
        Assert.Equal((4.0, 1.0, 4.0), (summary.Mean, summary.EffectiveSampleSize, summary.Quantile(0.5)));
        Assert.True(double.IsNaN(summary.StandardDeviation));
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Of_BadWeight_Throws(double weight) =>
        Assert.Throws<ArgumentException>(() => WeightedSummary.Of([1, 2], [1, weight]));

    [Fact]
    public void Of_WrongShapes_Throws()
    {
        Assert.Throws<ArgumentException>(() => WeightedSummary.Of([]));
        Assert.Throws<ArgumentException>(() => WeightedSummary.Of([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => WeightedSummary.Of([1, 2], [0, 0]));
        Assert.Throws<ArgumentException>(() => WeightedSummary.EffectiveSize([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightedSummary.Of([1]).Quantile(1.5));
    }

    [Fact]
    public void EffectiveSize_OneHeavyWeight_IsNearOne() =>
        Assert.Equal(1, WeightedSummary.EffectiveSize([1, 1e-9, 1e-9]), 1e-8);
}
