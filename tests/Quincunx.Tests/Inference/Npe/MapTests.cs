using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Npe;

public sealed class MapTests
{
    private static readonly double[] X = [0.4, 1.2];

    [Fact]
    public void Map_OfANormalPosterior_IsItsMean()
    {
        double[] mean = [3, -200, 0.01], sd = [0.5, 40, 0.001];
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new Normal(0, 1)), ("c", new Normal(0, 2)));
        NeuralPosterior posterior = ScatteredPosterior.Normal(prior, mean, sd);

        MapResult map = posterior.Map(X, new Rng(1), draws: 10);

        Assert.True(map.Converged);
        for (int i = 0; i < 3; i++)
        {
            // Half a compass step at most: log q is flat to 5e-7 within it.
            Assert.Equal(mean[i], map.Theta[i], 2e-3 * sd[i]);
        }

        Assert.Equal((-1.5 * Math.Log(Math.Tau)) - sd.Sum(Math.Log), map.LogProb, 1e-5);
    }

    [Fact]
    public void Map_OfACorrelatedNormal_IsItsMean()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new Normal(0, 1)));
        NeuralPosterior posterior = ScatteredPosterior.Normal(prior, [1, 2], [1, 1]);
        IReadOnlyList<KeyValuePair<string, Quincunx.Numerics.Optimisation.Parameter>> entries = ParameterTree.Of(posterior).Entries;
        entries.Single(e => e.Key.EndsWith("lower", StringComparison.Ordinal)).Value.Assign([0, 0, -20, 0]);

        MapResult map = posterior.Map(X, new Rng(1), draws: 3);

        // The second element of the noise is z₂ - 20 z₁, in reverse order: sds 1 and 20 along a narrow valley.
        Assert.True(map.Converged);
        Assert.Equal(1, map.Theta[0], 0.02);
        Assert.Equal(2, map.Theta[1], 0.02);
    }

    [Fact]
    public void Map_IsThatOfTheDensityInTheta()
    {
        // Log-normal: the mode in theta is exp(m - s²), not exp(m).
        MapResult map = ScatteredPosterior.Normal(new LogNormal(0, 1), [0.7], [0.8]).Map(X, new Rng(2));
        Assert.True(map.Converged);
        Assert.Equal(Math.Exp(0.7 - 0.64), map.Theta[0], 0.002);
        Assert.Equal(new LogNormal(0.7, 0.8).LogProb(map.Theta[0]), map.LogProb, 1e-5);
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(2.5, 1.2)]
    [InlineData(-6.0, 1.0)]
    [InlineData(1.0, 4.0)]      // two modes, both near an edge
    public void Map_UnderABoxPrior_StaysInside(double mean, double sd)
    {
        MapResult map = ScatteredPosterior.Normal(new Uniform(2, 5), [mean], [sd]).Map(X, new Rng(3));

        // Logit-normal on a fine grid: log N(z; m, s) - log σ(z) - log σ(-z) - log 3.
        double best = double.NegativeInfinity;
        for (double z = mean - (8 * sd); z < mean + (30 * sd); z += 1e-3)
        {
            double log = SpecialFunctions.NormalLogPdf((z - mean) / sd) - Math.Log(sd) + SpecialFunctions.Softplus(z) + SpecialFunctions.Softplus(-z) - Math.Log(3);
            best = Math.Max(best, log);
        }

        Assert.True(map.Converged);
        Assert.InRange(map.Theta[0], Math.BitIncrement(2.0), Math.BitDecrement(5.0));
        Assert.Equal(best, map.LogProb, 1e-4);
    }

    [Theory]
    [InlineData(FlowKind.SplineAutoregressive)]
    [InlineData(FlowKind.AffineAutoregressive)]
    [InlineData(FlowKind.SplineCoupling)]
    [InlineData(FlowKind.AffineCoupling)]
    [InlineData(FlowKind.Continuous)]
    public void Map_OfAnOddPosterior_IsAboveEveryDraw(FlowKind kind)
    {
        const int Draws = 20_000;
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new Uniform(0, 1)));
        NeuralPosterior posterior = ScatteredPosterior.Create(prior, kind);
        MapResult map = posterior.Map(X, new Rng(4), draws: 2000);

        double[] thetas = new double[2 * Draws], logs = new double[Draws], again = new double[1];
        posterior.Sample(X, thetas, new Rng(5));
        posterior.LogProb(X, thetas, logs);
        posterior.LogProb(X, map.Theta, again);
        Assert.True(map.Converged);
        Assert.True(map.LogProb > logs.Max() - 1e-3, $"{map.LogProb} against {logs.Max()}");
        Assert.Equal(map.LogProb, again[0]);
    }

    [Fact]
    public void Map_WithTheSameSeed_IsTheSame()
    {
        NeuralPosterior posterior = ScatteredPosterior.Create(new Normal(0, 1));
        MapResult a = posterior.Map(X, new Rng(4)), b = posterior.Map(X, new Rng(4));
        Assert.Equal(a.Theta, b.Theta);
        Assert.Equal((a.LogProb, a.Converged), (b.LogProb, b.Converged));
        Assert.Throws<ArgumentOutOfRangeException>(() => posterior.Map(X, new Rng(1), draws: 0));
        Assert.Throws<ArgumentException>(() => posterior.Map([double.NaN, 1], new Rng(1)));
    }
}
