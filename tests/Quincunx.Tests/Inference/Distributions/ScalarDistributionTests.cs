using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Distributions;

public sealed class ScalarDistributionTests
{
    private const int Count = 10_000;

    [Theory, MemberData(nameof(DistributionCases.LogDensities), MemberType = typeof(DistributionCases))]
    public void LogProb_AtReferencePoints_MatchesTheClosedForm(ScalarDistribution law, double x, double expected)
    {
        Assert.Equal(expected, law.LogProb(x), 1e-12 + 1e-14 * Math.Abs(expected) + Conditioning(law, x));
        Assert.Equal(law.LogProb(x), law.LogProb([x]));
    }

    [Theory, MemberData(nameof(DistributionCases.Continuous), MemberType = typeof(DistributionCases))]
    public void NormalScore_AndBack_AgreeWithTheDistributionFunction(string name, ScalarDistribution law)
    {
        foreach (double score in (double[])[-3, -1, -0.1, 0, 0.4, 2, 4])
        {
            double x = law.FromNormalScore(score);
            Assert.True(law.Support.Contains(x), name);

            // Where the numbers of float64 are far apart beside the distribution's width, the nearest one has another score.
            double p = SpecialFunctions.NormalCdf(score);
            double step = Math.Abs(law.Cdf(Math.BitIncrement(x)) - law.Cdf(Math.BitDecrement(x)));
            Assert.True(Math.Abs(law.Cdf(x) - p) <= 1e-12 + step, $"{name}: {law.Cdf(x):R} below {x:R}, expected {p:R}");
            Assert.True(Math.Abs(law.NormalScore(x) - score) <= 1e-9 + (10 * (step + 1e-15) / Math.Exp(SpecialFunctions.NormalLogPdf(score))), $"{name}: score {law.NormalScore(x):R} of {score}");
        }

        Assert.Equal((double.NaN, double.PositiveInfinity), (law.NormalScore(double.NaN), law.NormalScore(law.Support.Upper)));
    }

    [Theory, MemberData(nameof(DistributionCases.Continuous), MemberType = typeof(DistributionCases))]
    public void Density_Integrated_GivesOneMeanAndVariance(string name, ScalarDistribution law)
    {
        double tolerance = DistributionCases.Tolerance(name);
        (double centre, double scale) = QuartilesOfZ(name, law);
        double mass = SinhQuadrature.Integrate(law, centre, scale, _ => 1);
        Assert.True(Math.Abs(mass - 1) < tolerance, $"{name}: integrates to {mass:R}");

        if (double.IsFinite(law.Variance))
        {
            double sd = Math.Sqrt(law.Variance);
            Assert.Equal(0, SinhQuadrature.Integrate(law, centre, scale, x => (x - law.Mean) / sd), 10 * tolerance);
            Assert.Equal(1, SinhQuadrature.Integrate(law, centre, scale, x => (x - law.Mean) / sd * ((x - law.Mean) / sd)), 10 * tolerance);
        }
    }

    [Theory, MemberData(nameof(DistributionCases.Continuous), MemberType = typeof(DistributionCases))]
    public void Sample_ManyDraws_FitsTheCdfInsideTheSupport(string name, ScalarDistribution law)
    {
        double[] x = Draw(name, law);
        Assert.All(x, v => Assert.True(v > law.Support.Lower && v < law.Support.Upper && law.LogProb(v) > double.NegativeInfinity));
        GoodnessOfFit.AssertContinuous(x, law.Cdf, name);
        if (double.IsFinite(law.Variance) && law is not StudentT)      // the moment test wants a fourth moment
        {
            double sd = Math.Sqrt(law.Variance);
            GoodnessOfFit.AssertMoments([.. x.Select(v => (v - law.Mean) / sd)], 0, 1, name);
        }
    }

    [Theory, MemberData(nameof(DistributionCases.Continuous), MemberType = typeof(DistributionCases))]
    public void Cdf_BetweenQuantiles_IsTheIntegralOfTheDensity(string name, ScalarDistribution law)
    {
        // Between the outer deciles, on the unconstrained side, every density here is smooth: Simpson's rule on 2,000 panels.
        double[] x = Draw(name, law);
        Array.Sort(x);
        double low = x[Count / 10], high = x[9 * Count / 10], sum = 0;
        var map = new SupportBijection(law);
        double[] ends = new double[2], z = new double[1], theta = new double[1];
        map.ToUnconstrained([low, high], ends);
        const int Panels = 2000;
        for (int i = 0; i <= Panels; i++)
        {
            z[0] = ends[0] + (ends[1] - ends[0]) * i / Panels;
            map.ToConstrained(z, theta);
            double density = Math.Exp(law.LogProb(theta) + map.LogAbsDetToConstrained(z));
            sum += (i is 0 or Panels ? 1 : i % 2 == 1 ? 4 : 2) * density * (ends[1] - ends[0]) / (3 * Panels);
        }

        Assert.Equal(sum, law.Cdf(high) - law.Cdf(low), 10 * DistributionCases.Tolerance(name));
    }

    [Theory, MemberData(nameof(DistributionCases.Continuous), MemberType = typeof(DistributionCases))]
    public void LogProb_OffTheSupport_FollowsTheRules(string name, ScalarDistribution law)
    {
        Assert.Equal(double.NaN, law.LogProb(double.NaN));
        Assert.Equal(double.NaN, law.Cdf(double.NaN));
        Assert.Equal(double.NegativeInfinity, law.LogProb(double.PositiveInfinity));
        Assert.Equal(double.NegativeInfinity, law.LogProb(double.NegativeInfinity));
        Assert.Equal(0, law.Cdf(double.NegativeInfinity));
        Assert.Equal(1, law.Cdf(double.PositiveInfinity));
        foreach ((double edge, double beyond, double cdf) in (ReadOnlySpan<(double, double, double)>)[
            (law.Support.Lower, Math.BitDecrement(law.Support.Lower), 0), (law.Support.Upper, Math.BitIncrement(law.Support.Upper), 1)])
        {
            if (double.IsFinite(edge))
            {
                Assert.Equal(double.NegativeInfinity, law.LogProb(beyond));
                Assert.Equal(cdf, law.Cdf(beyond));
                Assert.Equal(cdf, law.Cdf(edge), 1e-15);
                Assert.True(law.LogProb(edge) < double.PositiveInfinity, name);
                Assert.False(double.IsNaN(law.LogProb(edge)), name);
            }
        }

        Assert.Throws<ArgumentException>(() => law.LogProb([0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => law.Sample(new double[2], new Rng(0)));
    }

    [Fact]
    public void LogProb_AtAnEdge_IsTheLimitOrNothingWhereItIsInfinite()
    {
        Assert.Equal(-Math.Log(3), new Uniform(1, 4).LogProb(1));
        Assert.Equal(-Math.Log(3), new Uniform(1, 4).LogProb(4));
        Assert.Equal(Math.Log(5), new Beta(1, 5).LogProb(0), 1e-14);
        Assert.Equal(double.NegativeInfinity, new Beta(1, 5).LogProb(1));
        Assert.Equal(double.NegativeInfinity, new Beta(0.5, 0.5).LogProb(0));
        Assert.Equal(double.NegativeInfinity, new Beta(0.5, 0.5).LogProb(1));
        Assert.Equal(double.NegativeInfinity, new Gamma(0.5, 1).LogProb(0));
        Assert.Equal(double.NegativeInfinity, new Gamma(2, 1).LogProb(0));
        Assert.Equal(double.NegativeInfinity, new LogNormal(0, 1).LogProb(0));
    }

    [Fact]
    public void Sample_VeryFarInTheTail_StaysInTheSupport()
    {
        // From 1e8 deviations the law is exponential with rate 1e8, resolved by a lower end of 0.
        var law = new TruncatedNormal(-1e8, 1, 0, double.PositiveInfinity);
        double[] x = Draw("far", law);
        GoodnessOfFit.AssertContinuous(x, v => 1 - Math.Exp(-1e8 * v), "far");
        Assert.Equal(1e-8, law.Mean, 1e-22);
        Assert.Equal(1e-16, law.Variance, 1e-29);
    }

    [Fact]
    public void Categorical_ManyDraws_HasItsProbabilities()
    {
        var law = new Categorical(2, 0, 5, 3);
        Assert.Equal(new Support(0, 3, Discrete: true), law.Support);
        Assert.Equal([0.2, 0, 0.5, 0.3], law.Probabilities);
        Assert.Equal(1.9, law.Mean, 1e-15);
        Assert.Equal(1.09, law.Variance, 1e-14);                       // 0.5 · 4 + 0.3 · 9 - 1.9²
        Assert.Equal(1, Enumerable.Range(0, 4).Sum(k => Math.Exp(law.LogProb(k))), 1e-15);
        Assert.Equal(0.2, law.Cdf(1.5), 1e-15);
        Assert.Equal(0, law.Cdf(-0.5));
        Assert.Equal(1, law.Cdf(3));
        foreach (double outside in (double[])[-1, 4, 1, 0.5, double.PositiveInfinity])
        {
            Assert.Equal(double.NegativeInfinity, law.LogProb(outside));
        }

        Assert.Equal(double.NaN, law.LogProb(double.NaN));
        GoodnessOfFit.AssertDiscrete([.. Draw("categorical", law).Select(v => (long)v)], 0, 3, k => law.LogProb(k), "categorical");
    }

    [Fact]
    public void Moments_ThatDoNotExist_AreNotNumbers()
    {
        Assert.Equal(double.NaN, new StudentT(1).Mean);
        Assert.Equal(double.NaN, new StudentT(1).Variance);
        Assert.Equal(double.PositiveInfinity, new StudentT(2).Variance);
    }

    public static TheoryData<string, Action> BadArguments => new()
    {
        { "zero width", () => _ = new Uniform(1, 1) },
        { "reversed", () => _ = new Uniform(2, 1) },
        { "NaN end", () => _ = new Uniform(double.NaN, 1) },
        { "infinite end", () => _ = new Uniform(0, double.PositiveInfinity) },
        { "width overflows", () => _ = new Uniform(-double.MaxValue, double.MaxValue) },
        { "zero deviation", () => _ = new Normal(0, 0) },
        { "negative deviation", () => _ = new Normal(0, -1) },
        { "NaN deviation", () => _ = new Normal(0, double.NaN) },
        { "infinite mean", () => _ = new Normal(double.PositiveInfinity, 1) },
        { "log-normal sigma", () => _ = new LogNormal(0, 0) },
        { "truncation without width", () => _ = new TruncatedNormal(0, 1, 2, 2) },
        { "truncation NaN", () => _ = new TruncatedNormal(0, 1, double.NaN, 2) },
        { "truncation deviation", () => _ = new TruncatedNormal(0, -1, 0, 2) },
        { "truncation out of reach", () => _ = new TruncatedNormal(0, 1e-200, 1, 2) },
        { "half-normal scale", () => _ = new HalfNormal(-1) },
        { "beta shape", () => _ = new Beta(0, 1) },
        { "gamma rate", () => _ = new Gamma(1, double.PositiveInfinity) },
        { "exponential rate", () => _ = new Exponential(0) },
        { "student degrees", () => _ = new StudentT(-1) },
        { "student scale", () => _ = new StudentT(1, 0, 0) },
        { "no categories", () => _ = new Categorical() },
        { "no weight", () => _ = new Categorical(0, 0) },
        { "negative weight", () => _ = new Categorical(1, -1) },
    };

    [Theory, MemberData(nameof(BadArguments))]
    public void Constructor_BadArgument_Throws(string what, Action create)
    {
        Exception error = Assert.ThrowsAny<ArgumentException>(create);
        Assert.True(error.Message.Contains("xpected", StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    // What one rounding of x does to the answer where the density is steep.
    private static double Conditioning(ScalarDistribution law, double x)
    {
        double step = 1e-7 * Math.Sqrt(double.IsFinite(law.Variance) ? law.Variance : 1);
        double slope = (law.LogProb(x + step) - law.LogProb(x - step)) / (2 * step);
        return double.IsFinite(slope) ? 4e-16 * Math.Abs(x * slope) : 0;
    }

    private static double[] Draw(string name, ScalarDistribution law)
    {
        Rng rng = new Rng(31).Split(name);
        double[] x = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            x[i] = law.Sample(rng);
        }

        return x;
    }

    private static (double Centre, double Scale) QuartilesOfZ(string name, ScalarDistribution law)
    {
        double[] z = Draw(name, law)[..2001];
        new SupportBijection(law).ToUnconstrained(z, z);
        Array.Sort(z);
        return (z[1000], z[1500] - z[500]);
    }
}
