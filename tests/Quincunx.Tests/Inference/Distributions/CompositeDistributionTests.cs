using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Distributions;

public sealed class CompositeDistributionTests
{
    private const int Count = 20_000;

    [Theory, MemberData(nameof(DistributionCases.Planar), MemberType = typeof(DistributionCases))]
    public void Density_Integrated_GivesOne(string name, IDistribution law)
    {
        double[][] z = Columns(name, law);
        var map = new SupportBijection(law);
        double[] row = new double[2];
        for (int i = 0; i < Count; i++)
        {
            (row[0], row[1]) = (z[0][i], z[1][i]);
            map.ToUnconstrained(row, row);
            (z[0][i], z[1][i]) = (row[0], row[1]);
        }

        foreach (double[] column in z)
        {
            Array.Sort(column);
        }

        double mass = SinhQuadrature.IntegratePlane(
            law, [.. z.Select(c => c[Count / 2])], [.. z.Select(c => c[3 * Count / 4] - c[Count / 4])]);
        Assert.True(Math.Abs(mass - 1) < 1e-6, $"{name}: integrates to {mass:R}");
    }

    [Theory, MemberData(nameof(DistributionCases.Planar), MemberType = typeof(DistributionCases))]
    public void LogProb_OffTheSupport_FollowsTheRules(string name, IDistribution law)
    {
        double[] inside = new double[2];
        law.Sample(inside, new Rng(1).Split(name));
        Assert.True(double.IsFinite(law.LogProb(inside)), name);
        Assert.Equal(double.NaN, law.LogProb([double.NaN, inside[1]]));
        Assert.Equal(double.NaN, law.LogProb([double.NegativeInfinity, double.NaN]));
        Assert.Equal(double.NegativeInfinity, law.LogProb([double.PositiveInfinity, inside[1]]));
        Assert.Equal(double.NegativeInfinity, law.LogProb([inside[0], double.NegativeInfinity]));
        Assert.Equal(double.NegativeInfinity, law.LogProb([double.MaxValue, -double.MaxValue]));
        Assert.Throws<ArgumentException>(() => law.LogProb([1]));
        Assert.Throws<ArgumentException>(() => law.Sample(new double[3], new Rng(0)));
    }

    [Fact]
    public void GaussianCopula_OfNormals_IsTheMultivariateNormal()
    {
        var copula = new GaussianCopula([new Normal(1, Math.Sqrt(2)), new Normal(-2, Math.Sqrt(0.5))], [1, -0.9, -0.9, 1]);
        double[] a = new double[2], b = new double[2];
        foreach ((double x, double y) in ((double, double)[])[(1, -2), (0, 0), (3, -3.5), (40, 7)])
        {
            double expected = DistributionCases.Correlated.LogProb([x, y]);
            Assert.Equal(expected, copula.LogProb([x, y]), 1e-12 * (1 + Math.Abs(expected)));
        }

        copula.Sample(a, new Rng(3));
        DistributionCases.Correlated.Sample(b, new Rng(3));
        Assert.Equal(b[0], a[0], 1e-12);
        Assert.Equal(b[1], a[1], 1e-12);
    }

    // Each margin keeps its own distribution, and the scores have the correlation: its Fisher transform has error 1 / √n.
    [Fact]
    public void GaussianCopula_Sample_HasTheMarginsAndTheCorrelationOfScores()
    {
        ScalarDistribution[] margins = [new Gamma(3, 2), new Uniform(-2, 5), new StudentT(2.5, 2, 0.5), new Exponential(0.25)];
        double[] r = [1, 0.7, 0, -0.3, 0.7, 1, 0.2, 0, 0, 0.2, 1, 0.5, -0.3, 0, 0.5, 1];
        var copula = new GaussianCopula(margins, r);
        double[][] columns = [.. margins.Select(_ => new double[Count])];
        double[] x = new double[4];
        for (int i = 0; i < Count; i++)
        {
            copula.Sample(x, new Rng(4).Split(i));
            for (int j = 0; j < 4; j++)
            {
                columns[j][i] = x[j];
            }
        }

        for (int j = 0; j < 4; j++)
        {
            GoodnessOfFit.AssertContinuous(columns[j], margins[j].Cdf, $"margin {j}");
            for (int k = 0; k < j; k++)
            {
                double found = Enumerable.Range(0, Count).Average(i => margins[j].NormalScore(columns[j][i]) * margins[k].NormalScore(columns[k][i]));
                Assert.Equal(r[(4 * j) + k], found, 5 * Math.Sqrt((1 + (r[(4 * j) + k] * r[(4 * j) + k])) / Count));
            }
        }
    }

    [Theory]
    [InlineData(new[] { 1.0, 0.5, 0.4, 1.0 }, "symmetric")]
    [InlineData(new[] { 1.0, 1.0, 1.0, 1.0 }, "positive definite")]
    [InlineData(new[] { 1.0, 0.5, 0.5, 2.0 }, "ones on the diagonal, got 2")]
    [InlineData(new[] { 1.0 }, "shapes")]
    public void GaussianCopula_OfNoCorrelation_IsRefused(double[] matrix, string message)
    {
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new GaussianCopula([new Normal(0, 1), new Gamma(1, 1)], matrix)).Message, StringComparison.Ordinal);
        Assert.Contains("discrete", Assert.Throws<ArgumentException>(() => new GaussianCopula([new Normal(0, 1), new Categorical([1, 1])], [1, 0, 0, 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MultivariateNormal_LogProb_MatchesTheBivariateFormula()
    {
        // Density of a pair with deviations √2 and √½ and correlation -0.9, written out.
        double r = -0.9, s1 = Math.Sqrt(2), s2 = Math.Sqrt(0.5);
        foreach ((double x, double y) in ((double, double)[])[(1, -2), (0, 0), (3, -3.5), (40, 7)])
        {
            double a = (x - 1) / s1, b = (y + 2) / s2;
            double expected = -(a * a - 2 * r * a * b + b * b) / (2 * (1 - r * r)) - Math.Log(2 * Math.PI * s1 * s2) - 0.5 * Math.Log(1 - r * r);
            Assert.Equal(expected, DistributionCases.Correlated.LogProb([x, y]), 1e-12 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void MultivariateNormal_Sample_HasItsMarginalsAndCorrelation()
    {
        double[][] x = Columns("mvn", DistributionCases.Correlated);
        double[] u = [.. x[0].Select(v => (v - 1) / Math.Sqrt(2))], v = [.. x[1].Select(w => (w + 2) / Math.Sqrt(0.5))];
        GoodnessOfFit.AssertContinuous(u, SpecialFunctions.NormalCdf, "first");
        GoodnessOfFit.AssertContinuous(v, SpecialFunctions.NormalCdf, "second");
        // Any combination is normal too; u + v has variance 2 (1 + r), u - v has 2 (1 - r).
        GoodnessOfFit.AssertContinuous([.. u.Zip(v, (a, b) => (a + b) / Math.Sqrt(0.2))], SpecialFunctions.NormalCdf, "sum");
        GoodnessOfFit.AssertContinuous([.. u.Zip(v, (a, b) => (a - b) / Math.Sqrt(3.8))], SpecialFunctions.NormalCdf, "difference");
    }

    [Fact]
    public void MultivariateNormal_Cholesky_RebuildsTheCovariance()
    {
        double[] covariance = [4, 2, -2, 2, 5, 1, -2, 1, 6];
        var law = new MultivariateNormal([0, 0, 0], covariance);
        for (int i = 0; i < 9; i++)
        {
            double entry = Enumerable.Range(0, 3).Sum(k => law.Cholesky[i / 3 * 3 + k] * law.Cholesky[i % 3 * 3 + k]);
            Assert.Equal(covariance[i], entry, 1e-14);
        }
    }

    [Fact]
    public void Mixture_Sample_FitsTheMixedCdf()
    {
        Normal first = new(-3, 1), second = new(2, 0.5);
        var law = new Mixture([1, 0, 4], first, new Normal(50, 1), second);
        Rng rng = new Rng(41).Split("mixture");
        double[] x = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            law.Sample(x.AsSpan(i, 1), rng);
        }

        GoodnessOfFit.AssertContinuous(x, v => 0.2 * first.Cdf(v) + 0.8 * second.Cdf(v), "mixture");
        Assert.Equal(Math.Log(0.2 * Math.Exp(first.LogProb(1)) + 0.8 * Math.Exp(second.LogProb(1))), law.LogProb([1]), 1e-14);
        Assert.Equal(Math.Log(0.2) + first.LogProb(-300), law.LogProb([-300]), 1e-9);       // where both densities underflow
    }

    [Fact]
    public void Mixture_SupportsOfComponents_AreJoined()
    {
        Assert.Equal(new Support(0, 3), new Mixture([1, 1], new Uniform(0, 1), new Uniform(2, 3)).Supports[0]);
        Assert.Equal(new Support(0, 1), new Mixture([1, 0], new Uniform(0, 1), new Uniform(2, 3)).Supports[0]);
        Assert.Equal(Support.Positive, new Mixture([1, 1], new Uniform(0, 1), new Gamma(1, 1)).Supports[0]);
        Assert.Equal(double.NegativeInfinity, new Mixture([1, 1], new Uniform(0, 1), new Uniform(2, 3)).LogProb([1.5]));
    }

    [Fact]
    public void IndependentProduct_OfParts_NamesAndSumsThem()
    {
        var gamma = new Gamma(2, 1);
        var law = new IndependentProduct(("rate", gamma), ("pair", DistributionCases.Correlated), ("kind", new Categorical(1, 1)));
        Assert.Equal(["rate", "pair[0]", "pair[1]", "kind"], law.Names);
        Assert.Equal(4, law.Dimension);
        Assert.Equal([Support.Positive, Support.Real, Support.Real, new Support(0, 1, Discrete: true)], law.Supports);
        Assert.Equal(gamma.LogProb(1.5) + DistributionCases.Correlated.LogProb([0, 1]) - Math.Log(2), law.LogProb([1.5, 0, 1, 1]), 1e-14);
        Assert.Equal(double.NegativeInfinity, law.LogProb([1.5, 0, 1, 0.5]));
    }

    [Fact]
    public void IndependentProduct_Sample_FitsEachPartIndependently()
    {
        Gamma a = new(2, 1);
        Beta b = new(2, 3);
        double[][] x = Columns("product", new IndependentProduct(("a", a), ("b", b)));
        GoodnessOfFit.AssertContinuous(x[0], a.Cdf, "a");
        GoodnessOfFit.AssertContinuous(x[1], b.Cdf, "b");
        long[] cells = [.. x[0].Zip(x[1], (u, v) => (8 * (long)(8 * a.Cdf(u))) + (long)(8 * b.Cdf(v)))];
        GoodnessOfFit.AssertDiscrete(cells, 0, 63, _ => -Math.Log(64), "joint");
    }

    [Fact]
    public void Box_Sample_IsUniform()
    {
        double[][] x = Columns("box", new Box([-1, 10], [1, 12]));
        long[] cells = [.. x[0].Zip(x[1], (u, v) => (16 * (long)(8 * (u + 1))) + (long)(8 * (v - 10)))];
        GoodnessOfFit.AssertDiscrete(cells, 0, 255, _ => -Math.Log(256), "cells");
        Assert.Equal(-Math.Log(4), new Box([-1, 10], [1, 12]).LogProb([1, 10]), 1e-15);
    }

    public static TheoryData<string, Action> BadArguments => new()
    {
        { "box shapes", () => _ = new Box([0], [1, 2]) },
        { "empty box", () => _ = new Box([], []) },
        { "flat box", () => _ = new Box([0, 1], [1, 1]) },
        { "covariance shape", () => _ = new MultivariateNormal([0, 0], [1, 0, 1]) },
        { "asymmetric", () => _ = new MultivariateNormal([0, 0], [1, 0.5, 0.4, 1]) },
        { "indefinite", () => _ = new MultivariateNormal([0, 0], [1, 2, 2, 1]) },
        { "singular", () => _ = new MultivariateNormal([0, 0], [1, 1, 1, 1]) },
        { "zero variance", () => _ = new MultivariateNormal([0], [0]) },
        { "NaN covariance", () => _ = new MultivariateNormal([0], [double.NaN]) },
        { "NaN mean", () => _ = new MultivariateNormal([double.NaN], [1]) },
        { "mixture count", () => _ = new Mixture([1], new Normal(0, 1), new Normal(1, 1)) },
        { "empty mixture", () => _ = new Mixture([]) },
        { "mixture dimension", () => _ = new Mixture([1, 1], new Normal(0, 1), DistributionCases.Correlated) },
        { "mixture kinds", () => _ = new Mixture([1, 1], new Normal(0, 1), new Categorical(1, 1)) },
        { "mixture weight", () => _ = new Mixture([1, double.NaN], new Normal(0, 1), new Normal(1, 1)) },
        { "no parts", () => _ = new IndependentProduct() },
        { "names twice", () => _ = new IndependentProduct(("a", new Normal(0, 1)), ("a", new Normal(0, 1))) },
        { "blank name", () => _ = new IndependentProduct((" ", new Normal(0, 1))) },
    };

    [Theory, MemberData(nameof(BadArguments))]
    public void Constructor_BadArgument_Throws(string what, Action create) =>
        Assert.False(string.IsNullOrEmpty(Assert.ThrowsAny<ArgumentException>(create).Message), what);

    private static double[][] Columns(string name, IDistribution law)
    {
        Rng rng = new Rng(41).Split(name);
        double[][] columns = [new double[Count], new double[Count]];
        double[] x = new double[2];
        for (int i = 0; i < Count; i++)
        {
            law.Sample(x, rng);
            (columns[0][i], columns[1][i]) = (x[0], x[1]);
        }

        return columns;
    }
}
