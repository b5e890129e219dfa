using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Distributions;

public sealed class SupportBijectionTests
{
    private const double Infinity = double.PositiveInfinity;

    public static TheoryData<double, double> Intervals => new()
    {
        { -Infinity, Infinity }, { 0, Infinity }, { -7, Infinity }, { 1e6, Infinity }, { -Infinity, 0 }, { -Infinity, 12.5 },
        { 0, 1 }, { -1, 1 }, { 3, 3.001 }, { 1e6, 1e6 + 1 }, { -1e-200, 1e-200 }, { 0, 1e300 }, { -1e308, 0.5e308 },
    };

    [Theory, MemberData(nameof(Intervals))]
    public void ToConstrained_AnyReal_IsStrictlyInsideAndIncreasing(double lower, double upper)
    {
        var map = new SupportBijection([new Support(lower, upper)]);
        double[] z = [-Infinity, -1e300, -1000, -746, -745, -700, -40, -37, -1, 0, 1, 36, 40, 700, 709, 745, 1000, 1e300, Infinity];
        double[] theta = new double[z.Length];
        map.ToConstrained(z, theta);
        Assert.All(theta, t => Assert.True(double.IsFinite(t) && t > lower && t < upper, $"{t:R}"));
        Assert.All(theta.Zip(theta.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
        map.ToUnconstrained(theta, z);
        Assert.All(z, value => Assert.True(double.IsFinite(value)));
    }

    [Theory, MemberData(nameof(Intervals))]
    public void ToUnconstrained_OfToConstrained_IsTheIdentity(double lower, double upper)
    {
        var map = new SupportBijection([new Support(lower, upper)]);
        Rng rng = new Rng(51).Split("z");
        for (int i = 0; i < 500; i++)
        {
            double[] z = [3 * rng.NextNormal()], theta = new double[1], back = new double[1];
            map.ToConstrained(z, theta);
            map.ToUnconstrained(theta, back);
            // theta is rounded to half a step; over its distance to the nearer end that is the error of z.
            double distance = Math.Min(theta[0] - lower, upper - theta[0]);
            double rounding = double.IsFinite(distance) ? 2 * (Math.BitIncrement(Math.Abs(theta[0])) - Math.Abs(theta[0])) / distance : 0;
            Assert.Equal(z[0], back[0], 1e-14 * (1 + Math.Abs(z[0])) + rounding);
        }
    }

    [Theory, MemberData(nameof(DistributionCases.Continuous), MemberType = typeof(DistributionCases))]
    public void ToConstrained_OfToUnconstrainedDraws_IsTheIdentity(string name, ScalarDistribution law)
    {
        var map = new SupportBijection(law);
        Rng rng = new Rng(52).Split(name);
        double[] theta = new double[2000], z = new double[2000], back = new double[2000];
        for (int i = 0; i < theta.Length; i++)
        {
            theta[i] = law.Sample(rng);
        }

        map.ToUnconstrained(theta, z);
        map.ToConstrained(z, back);
        for (int i = 0; i < theta.Length; i++)
        {
            Assert.True(double.IsFinite(z[i]), name);
            // exp amplifies the rounding of z by |z|; then theta itself is rounded.
            double distance = Math.Min(theta[i] - law.Support.Lower, law.Support.Upper - theta[i]);
            distance = double.IsFinite(distance) ? distance : 0;        // the real line maps to itself, exactly
            double step = Math.BitIncrement(Math.Abs(theta[i])) - Math.Abs(theta[i]);
            Assert.Equal(theta[i], back[i], distance * 2e-15 * (1 + Math.Abs(z[i])) + 2 * step);
        }
    }

    [Theory, MemberData(nameof(Intervals))]
    public void LogAbsDet_AtManyPoints_MatchesCentralDifferences(double lower, double upper)
    {
        var map = new SupportBijection([new Support(lower, upper)]);
        foreach (double z in (double[])[-9, -3, -1, -0.1, 0, 0.3, 2, 5, 9])
        {
            const double Step = 1e-4;
            double[] theta = new double[2];
            map.ToConstrained([z + Step, z - Step], theta);
            double slope = (theta[0] - theta[1]) / (2 * Step);
            // Truncation Step² / 6, and the rounding of theta over the difference.
            double rounding = (Math.BitIncrement(Math.Abs(theta[0])) - Math.Abs(theta[0])) / (theta[0] - theta[1]);
            Assert.Equal(Math.Log(slope), map.LogAbsDetToConstrained([z]), 1e-8 + 2 * rounding);
        }
    }

    [Fact]
    public void LogAbsDet_FarOut_KeepsItsClosedForm()
    {
        var map = new SupportBijection([new Support(0, 2)]);
        Assert.Equal(Math.Log(2) - 500, map.LogAbsDetToConstrained([500]), 1e-12);
        Assert.Equal(Math.Log(2) - 500, map.LogAbsDetToConstrained([-500]), 1e-12);
        Assert.Equal(Math.Log(0.5), map.LogAbsDetToConstrained([0.0]), 1e-15);
        Assert.Equal(800, new SupportBijection([Support.Positive]).LogAbsDetToConstrained([800]));
    }

    [Fact]
    public void ToUnconstrained_OnTheEdge_IsFiniteAndBeyondItsNeighbour()
    {
        foreach ((double lower, double upper) in ((double, double)[])[(0, Infinity), (5, Infinity), (-Infinity, 3), (0, 1), (-2, 7), (1e6, 1e6 + 1)])
        {
            var map = new SupportBijection([new Support(lower, upper)]);
            double[] z = new double[2];
            if (double.IsFinite(lower))
            {
                map.ToUnconstrained([lower, Math.BitIncrement(lower)], z);
                Assert.True(double.IsFinite(z[0]) && z[0] <= z[1], $"{z[0]} {z[1]}");
            }

            if (double.IsFinite(upper))
            {
                map.ToUnconstrained([Math.BitDecrement(upper), upper], z);
                Assert.True(double.IsFinite(z[1]) && z[0] < z[1], $"{z[0]} {z[1]}");
            }
        }
    }

    [Fact]
    public void ToConstrained_NothingBetweenTheEnds_GivesTheEdge()
    {
        var map = new SupportBijection([new Support(1, Math.BitIncrement(1.0))]);
        double[] theta = new double[3];
        map.ToConstrained([-5, 0, 5], theta);
        Assert.Equal([1, 1, 1], theta);
    }

    [Fact]
    public void Maps_OfBatches_GoRowByRow()
    {
        var prior = new IndependentProduct(("a", new Gamma(2, 1)), ("b", new Normal(0, 1)), ("c", new Uniform(-1, 4)));
        var map = new SupportBijection(prior);
        double[] theta = [1.5, -2, 0.5, 0.1, 3, 3.9], z = new double[6], back = new double[6], logDet = new double[2];
        map.ToUnconstrained(theta, z);
        Assert.Equal(Math.Log(1.5), z[0], 1e-15);
        Assert.Equal(3, z[4]);
        Assert.Equal(Math.Log(4.9 / 0.1), z[5], 1e-13);
        map.ToConstrained(z, back);
        Assert.All(theta.Zip(back), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
        map.LogAbsDetToConstrained(z, logDet);
        Assert.Equal(map.LogAbsDetToConstrained(z.AsSpan(3)), logDet[1]);
        map.ToConstrained(z, z);                // in place
        Assert.Equal(back, z);
    }

    [Fact]
    public void Maps_OfNaN_KeepIt()
    {
        foreach (Support support in (Support[])[Support.Real, Support.Positive, new(-Infinity, 0), new(0, 1)])
        {
            var map = new SupportBijection([support]);
            double[] x = new double[1];
            map.ToUnconstrained([double.NaN], x);
            Assert.Equal(double.NaN, x[0]);
            map.ToConstrained([double.NaN], x);
            Assert.Equal(double.NaN, x[0]);
            Assert.Equal(double.NaN, map.LogAbsDetToConstrained([double.NaN]));
        }
    }

    [Fact]
    public void Maps_OfBadArguments_Throw()
    {
        ArgumentException discrete = Assert.Throws<ArgumentException>(
            () => new SupportBijection(new IndependentProduct(("x", new Normal(0, 1)), ("k", new Categorical(1, 1)))));
        Assert.Contains("Coordinate 1 is discrete", discrete.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SupportBijection([new Support(1, 1)]));
        Assert.Throws<ArgumentException>(() => new SupportBijection([new Support(double.NaN, 1)]));
        Assert.Throws<ArgumentException>(() => new SupportBijection([new Support(-double.MaxValue, double.MaxValue)]));

        var map = new SupportBijection([new Support(0, 1), Support.Real]);
        Assert.Throws<ArgumentException>(() => map.ToUnconstrained([0.5], new double[1]));
        Assert.Throws<ArgumentException>(() => map.ToUnconstrained([0.5, 1], new double[4]));
        ArgumentException outside = Assert.Throws<ArgumentException>(() => map.ToUnconstrained([0.5, 0, 1.5, 0], new double[4]));
        Assert.Contains("coordinate 0 in [0, 1], got 1.5 in row 1", outside.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => map.ToUnconstrained([0.5, Infinity], new double[2]));
        Assert.Throws<ArgumentException>(() => map.LogAbsDetToConstrained([0.5]));
        Assert.Throws<ArgumentException>(() => map.LogAbsDetToConstrained(new double[4], new double[1]));
    }
}
