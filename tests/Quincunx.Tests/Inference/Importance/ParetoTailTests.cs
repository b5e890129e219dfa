using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Importance;

public sealed class ParetoTailTests
{
    // The points are the quantiles at (i + 1/2)/n of a generalised Pareto of scale 2. Expected: the formulas of Zhang and Stephens 2009,
    // computed with NumPy, apart from this code.
    [Theory]
    [InlineData(-0.4, 20, -0.26669506879483035, 1.7626024759386536)]
    [InlineData(-0.4, 300, -0.3887626397106846, 1.9770004918351858)]
    [InlineData(0.2, 20, 0.26677447917015083, 1.8398842427243751)]
    [InlineData(0.2, 300, 0.20496083400820944, 1.9874056821848056)]
    [InlineData(0.7, 20, 0.7009440569923584, 1.9408105746212558)]
    [InlineData(0.7, 300, 0.6991354988621058, 1.9978024338743459)]
    [InlineData(1.3, 20, 1.222219801064033, 2.0767455144228926)]
    [InlineData(1.3, 300, 1.2919300347367264, 2.010856219859466)]
    public void Fit_QuantilesOfKnownTail_MatchesPublishedFormulas(double shape, int count, double expectedShape, double expectedScale)
    {
        double[] y = [.. Enumerable.Range(0, count).Select(i => Quantile((i + 0.5) / count, shape, 2))];
        y.AsSpan().Reverse();

        ParetoTail fit = ParetoTail.Fit(y);

        Assert.Equal(expectedShape, fit.Shape, 1e-10);
        Assert.Equal(expectedScale, fit.Scale, 1e-10);
        Assert.Equal(count, fit.Count);
    }

    [Theory]
    [InlineData(-0.3)]
    [InlineData(0.0001)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Fit_RandomExcesses_IsNearTheTrueShape(double shape)
    {
        const int Count = 4_000;
        var rng = new Rng(3);
        double[] y = [.. Enumerable.Range(0, Count).Select(_ => Quantile(rng.NextOpenDouble(), shape, 1))];

        // Asymptotic standard error of the maximum likelihood shape is (1 + k)/√n; 4 of them is one seed in 16,000.
        Assert.Equal(shape, ParetoTail.Fit(y).Shape, 4 * (1 + shape) / Math.Sqrt(Count));
    }

    [Fact]
    public void OfWeights_LogNormalWeights_MatchesReference()
    {
        double[] weights = [.. Enumerable.Range(0, 1_000).Select(i => Math.Exp(1.5 * SpecialFunctions.NormalQuantile((i + 0.5) / 1_000)))];

        ParetoTail tail = ParetoTail.OfWeights(weights);

        Assert.Equal(95, tail.Count);                               // ⌈3 √1000⌉
        Assert.Equal(0.47701642443529535, tail.Shape, 1e-8);        // NumPy, formulas of the paper
    }

    [Fact]
    public void OfWeights_WithoutSpreadOrTooFew_SaysSo()
    {
        Assert.Equal(double.NegativeInfinity, ParetoTail.OfWeights(Enumerable.Repeat(1.0, 100).ToArray()).Shape);
        Assert.Equal(double.NaN, ParetoTail.OfWeights(new double[100]).Shape);
        Assert.Equal(double.NaN, ParetoTail.OfWeights([1, 2, 3]).Shape);
        double[] few = new double[100];
        few[3] = few[5] = 1;
        Assert.Equal(double.NaN, ParetoTail.OfWeights(few).Shape);
    }

    [Fact]
    public void Fit_ImpossibleExcesses_Throws()
    {
        Assert.Throws<ArgumentException>(() => ParetoTail.Fit([0, 1, 2, 3, 4]));
        Assert.Throws<ArgumentException>(() => ParetoTail.Fit([1, 2, 3, 4, double.NaN]));
        Assert.Throws<ArgumentException>(() => ParetoTail.Fit([1, 2, 3, 4, double.PositiveInfinity]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ParetoTail.Fit([1, 2, 3, 4]));
    }

    private static double Quantile(double p, double shape, double scale) => scale * (Math.Pow(1 - p, -shape) - 1) / shape;
}
