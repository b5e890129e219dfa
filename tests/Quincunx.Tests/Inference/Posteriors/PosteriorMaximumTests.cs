using Quincunx.Inference;
using Quincunx.Inference.Abc;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Posteriors;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Posteriors;

public sealed class PosteriorMaximumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void Of_ANormalLaw_IsItsMean(int d)
    {
        // Correlated by 0.99 between neighbours, scales from 0.01 to 100.
        double[] mean = [.. Enumerable.Range(0, d).Select(k => 3.0 - k)], covariance = new double[d * d];
        double Sd(int k) => Math.Pow(10, (k % 5) - 2);
        for (int k = 0; k < d * d; k++)
        {
            covariance[k] = Math.Pow(0.99, Math.Abs((k / d) - (k % d))) * Sd(k / d) * Sd(k % d);
        }

        var law = new MultivariateNormal(mean, covariance);
        MapResult map = PosteriorMaximum.Of(new Known(law), new SupportBijection(law), new Rng(1), draws: 500);
        Assert.True(map.Converged);
        Assert.Equal(law.LogProb(mean), map.LogProb, 1e-3);
        Assert.All(Enumerable.Range(0, d), k => Assert.InRange((map.Theta[k] - mean[k]) / Sd(k), -0.03, 0.03));
    }

    // The modes of the densities in theta: exp(m - s²), (a - 1) / (a + b - 2), (a - 1) / rate.
    [Fact]
    public void Of_BoundedLaws_IsTheModeInTheta()
    {
        var law = new IndependentProduct(("a", new LogNormal(0.7, 0.8)), ("b", new Beta(3, 6)), ("c", new Gamma(4, 2)));
        MapResult map = PosteriorMaximum.Of(new Known(law), new SupportBijection(law), new Rng(2));
        double[] at = [Math.Exp(0.7 - 0.64), 2.0 / 7, 1.5], shifted = new double[3];
        Assert.True(map.Converged);
        Assert.Equal(law.LogProb(at), map.LogProb, 1e-4);
        Assert.All(at.Zip(map.Theta), p => Assert.Equal(p.First, p.Second, 0.01 * p.First));
    }

    // Two modes with unequal heights, far apart: the best of the draws is near the higher one.
    [Fact]
    public void Of_TwoModes_IsTheHigherOne()
    {
        var law = new Mixture([0.7, 0.3], [new Normal(-5, 1), new Normal(5, 0.2)]);
        MapResult map = PosteriorMaximum.Of(new Known(law), new SupportBijection([Support.Real]), new Rng(3));
        Assert.Equal(5, map.Theta[0], 0.01);
        Assert.Equal(law.LogProb([5.0]), map.LogProb, 1e-3);
    }

    [Fact]
    public void Of_KernelDensity_IsNoLowerThanAnyDraw()
    {
        var rng = new Rng(4);
        double[] theta = [.. Enumerable.Range(0, 400).Select(_ => rng.NextNormal())];
        var posterior = new AbcPosterior(
            new SupportBijection([Support.Real, Support.Real]),
            new AbcDraws { Dimension = 2, Theta = theta, Summaries = [], Distances = new double[200], Weights = [.. Enumerable.Repeat(1 / 200.0, 200)] });
        MapResult map = PosteriorMaximum.Of(posterior, new SupportBijection([Support.Real, Support.Real]), new Rng(5));
        double[] draws = new double[2 * 2000], logs = new double[2000];
        posterior.Sample(draws, new Rng(6));
        posterior.LogProb(draws, logs);
        Assert.True(map.Converged && map.LogProb >= logs.Max());
    }

    [Fact]
    public void Of_NoDensityOrBadInput_SaysSo()
    {
        var bijection = new SupportBijection([Support.Real]);
        MapResult none = PosteriorMaximum.Of(new Known(new Normal(0, 1)) { Nothing = true }, bijection, new Rng(1));
        Assert.False(none.Converged);
        Assert.True(double.IsNaN(none.Theta[0]) && double.IsNaN(none.LogProb));
        Assert.Throws<ArgumentException>(() => PosteriorMaximum.Of(new Known(new Normal(0, 1)), new SupportBijection([Support.Real, Support.Real]), new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosteriorMaximum.Of(new Known(new Normal(0, 1)), bijection, new Rng(1), draws: 1));
    }

    private sealed class Known(IDistribution law) : IPosterior
    {
        public bool Nothing { get; init; }

        public int Dimension => law.Dimension;

        public bool IsNormalised => true;

        public void Sample(Span<double> thetas, Rng rng)
        {
            for (int row = 0; row < thetas.Length; row += Dimension)
            {
                law.Sample(thetas.Slice(row, Dimension), rng);
            }
        }

        public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
        {
            for (int i = 0; i < logProbs.Length; i++)
            {
                logProbs[i] = Nothing ? double.NaN : law.LogProb(thetas.Slice(i * Dimension, Dimension));
            }
        }
    }
}
