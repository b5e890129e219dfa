using Quincunx.Inference.Distributions;
using Quincunx.Inference.Sequential;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Sequential;

public sealed class RestrictedPriorTests
{
    private static readonly IndependentProduct LynxHare = new(
        ("alpha", new TruncatedNormal(1, 0.5, 0, double.PositiveInfinity)),
        ("beta", new TruncatedNormal(0.05, 0.05, 0, double.PositiveInfinity)),
        ("gamma", new TruncatedNormal(1, 0.5, 0, double.PositiveInfinity)),
        ("delta", new TruncatedNormal(0.05, 0.05, 0, double.PositiveInfinity)),
        ("sigma_hare", new LogNormal(-1, 1)),
        ("sigma_lynx", new LogNormal(-1, 1)),
        ("hare", new LogNormal(Math.Log(10), 1)),
        ("lynx", new LogNormal(Math.Log(10), 1)));

    /// <summary>One dimension: name, prior, interval in unconstrained coordinates.</summary>
    public static TheoryData<string, double, double> Intervals => new()
    {
        { "normal", -0.5, 1.5 },            // from the prior
        { "normal", 2.5, 3 },               // from the interval
        { "normal", -30, 30 },              // everything
        { "log-normal", -1, 0.2 },
        { "truncated", -4, -3 },            // near the edge at zero
        { "uniform", -2, 1 },
        { "uniform", 3, 5 },
        { "beta", -3, 0 },
    };

    [Theory, MemberData(nameof(Intervals))]
    public void Sample_InOneDimension_HasThePriorsShapeInside(string name, double low, double high)
    {
        const int Draws = 20_000;
        ScalarDistribution prior = Scalar(name);
        var bijection = new SupportBijection(prior);
        var restricted = new RestrictedPrior(prior, bijection, new Ellipsoid([0.5 * (low + high)], [0.5 * (high - low)], 1));
        double[] edges = new double[2], draws = new double[Draws];
        bijection.ToConstrained([low], edges.AsSpan(0, 1));
        bijection.ToConstrained([high], edges.AsSpan(1, 1));
        double below = prior.Cdf(edges[0]), mass = prior.Cdf(edges[1]) - below;

        var rng = new Rng(2);
        for (int i = 0; i < Draws; i++)
        {
            restricted.Sample(draws.AsSpan(i, 1), rng);
            Assert.True(restricted.Contains(draws.AsSpan(i, 1)));
        }

        GoodnessOfFit.AssertContinuous(draws, x => Math.Clamp((prior.Cdf(x) - below) / mass, 0, 1), name);
        Assert.Equal(0, restricted.BoundExceeded);

        // 5 of its own standard errors, and a floor for where the estimate has none.
        Assert.InRange(restricted.LogMassError, 0, 0.02);
        Assert.Equal(Math.Log(mass), restricted.LogMass, (5 * restricted.LogMassError) + 1e-12);
        Assert.Equal(prior.LogProb(draws[0]) - restricted.LogMass, restricted.LogProb(draws.AsSpan(0, 1)), 1e-12);
        Assert.Equal(double.NegativeInfinity, restricted.LogProb([Outside(bijection, high)]));
    }

    [Fact]
    public void Sample_InTwoDimensions_FillsTheCellsLikeThePrior()
    {
        // A standard normal in polar coordinates about an ellipse at its centre: r² / 2 is a truncated exponential and the angle uniform.
        const int Draws = 20_000, Rings = 5, Sectors = 8;
        var prior = new IndependentProduct(("a", new Normal(0, 1)), ("b", new LogNormal(0, 1)));
        var restricted = new RestrictedPrior(prior, new SupportBijection(prior), new Ellipsoid([0, 0], [1, 0, 0, 1], 1.5));
        double mass = 1 - Math.Exp(-0.5 * 1.5 * 1.5);
        long[] cells = new long[Draws];
        double[] x = new double[2];
        var rng = new Rng(12);
        for (int i = 0; i < Draws; i++)
        {
            restricted.Sample(x, rng);
            double a = x[0], b = Math.Log(x[1]);
            double ring = (1 - Math.Exp(-0.5 * ((a * a) + (b * b)))) / mass, sector = (Math.Atan2(b, a) / Math.Tau) + 0.5;
            cells[i] = (Math.Min(Rings - 1, (int)(ring * Rings)) * Sectors) + Math.Min(Sectors - 1, (int)(sector * Sectors));
        }

        GoodnessOfFit.AssertDiscrete(cells, 0, (Rings * Sectors) - 1, _ => -Math.Log(Rings * Sectors));
        Assert.Equal(Math.Log(mass), restricted.LogMass, (5 * restricted.LogMassError) + 1e-12);
    }

    [Fact]
    public void Sample_FromEitherSampler_HasTheSameLaw()
    {
        // The same interval, once alone (uniform points in it win) and once beside 3 coordinates without restriction (the prior wins).
        const int Draws = 10_000;
        var one = new Normal(0, 1);
        var alone = new RestrictedPrior(one, new SupportBijection(one), new Ellipsoid([2.5], [0.5], 1));
        var prior = new IndependentProduct(("a", one), ("b", new Normal(0, 1)), ("c", new Normal(0, 1)), ("d", new Normal(0, 1)));
        double[] factor = [0.5, 0, 0, 0, 0, 1e4, 0, 0, 0, 0, 1e4, 0, 0, 0, 0, 1e4];
        var beside = new RestrictedPrior(prior, new SupportBijection(prior), new Ellipsoid([2.5, 0, 0, 0], factor, 1));
        double below = SpecialFunctions.NormalCdf(2), mass = SpecialFunctions.NormalCdf(3) - below;

        Assert.True(alone.Acceptance > 0.2);
        Assert.InRange(beside.Acceptance, 0.5 * mass, 2 * mass);       // the acceptance of prior draws
        foreach (RestrictedPrior restricted in new[] { alone, beside })
        {
            double[] x = new double[restricted.Dimension], first = new double[Draws];
            var rng = new Rng(7);
            for (int i = 0; i < Draws; i++)
            {
                restricted.Sample(x, rng);
                first[i] = x[0];
            }

            GoodnessOfFit.AssertContinuous(first, v => Math.Clamp((SpecialFunctions.NormalCdf(v) - below) / mass, 0, 1));
            Assert.Equal(Math.Log(mass), restricted.LogMass, 5 * restricted.LogMassError);
        }
    }

    [Theory]
    [InlineData(20, 0.3, 0.0)]
    [InlineData(20, 0.3, 0.8)]
    [InlineData(50, 0.45, 0.5)]
    public void Sample_InManyDimensions_IsNotRefusedByTheSurface(int d, double scale, double shift)
    {
        // A standard normal prior and a ball: about its centre the squared distance from the origin is that of a chi square, else of a noncentral one, cut off.
        const int Draws = 4_000;
        double radius = 1.25 * Math.Sqrt(SpecialFunctions.ChiSquaredQuantile(0.99, d));
        var prior = new IndependentProduct([.. Enumerable.Range(0, d).Select(i => ($"a{i}", (ScalarDistribution)new Normal(0, 1)))]);
        double[] centre = new double[d], factor = new double[d * d], x = new double[d], along = new double[Draws], lengths = new double[Draws];
        for (int i = 0; i < d; i++)
        {
            factor[(i * d) + i] = scale;
        }

        centre[0] = shift;
        var restricted = new RestrictedPrior(prior, new SupportBijection(prior), new Ellipsoid(centre, factor, radius));
        var rng = new Rng(5);
        for (int i = 0; i < Draws; i++)
        {
            restricted.Sample(x, rng);
            Assert.True(restricted.Contains(x));
            (along[i], lengths[i]) = (x[0], x.AsSpan(1).ToArray().Sum(v => v * v));
        }

        Assert.True(restricted.Acceptance > 0.02, $"{restricted.Acceptance}");
        Assert.Equal(0, restricted.BoundExceeded);

        // By quadrature over the first coordinate: a chi square of the others inside what the ball leaves them.
        double reach = scale * radius;
        double Left(double a) => (reach * reach) - ((a - shift) * (a - shift));
        double[] grid = [.. Enumerable.Range(0, 4_001).Select(i => shift - reach + (2 * reach * i / 4_000))];
        double[] weights = [.. grid.Select(a => Left(a) > 0 ? Math.Exp(-0.5 * a * a) / Math.Sqrt(Math.Tau) * SpecialFunctions.ChiSquaredCdf(Left(a), d - 1) : 0)];
        double mass = weights.Sum() * 2 * reach / 4_000;
        double[] cumulated = new double[grid.Length];
        for (int i = 1; i < grid.Length; i++)
        {
            cumulated[i] = cumulated[i - 1] + (0.5 * (weights[i - 1] + weights[i]) / weights.Sum());
        }

        GoodnessOfFit.AssertContinuous(along, v => cumulated[Math.Clamp((int)Math.Round((v - shift + reach) * 2_000 / reach), 0, 4_000)]);
        Assert.Equal(Math.Log(mass), restricted.LogMass, (5 * restricted.LogMassError) + 1e-3);
        double expected = grid.Zip(weights).Sum(p => p.Second == 0 ? 0 : p.Second * MeanSquareBelow(Left(p.First), d - 1)) / weights.Sum();
        Assert.Equal(expected, lengths.Average(), 5 * Math.Sqrt(lengths.Average(v => (v - lengths.Average()) * (v - lengths.Average())) / Draws));
    }

    // Mean of a chi square of n degrees of freedom below a limit: n F_(n+2)(l) / F_n(l).
    private static double MeanSquareBelow(double limit, int n) => n * SpecialFunctions.ChiSquaredCdf(limit, n + 2) / SpecialFunctions.ChiSquaredCdf(limit, n);

    [Fact]
    public void RegionCandidates_RatioWithManyMaxima_UniformAndNormalHaveTheSameLaw()
    {
        // The ratio of an exponential in each direction to a narrow normal distribution has maxima of different heights at the ends of all axes, and one in the middle.
        const int D = 3, Draws = 20_000;
        double[] factor = new double[D * D], z = new double[D], x = new double[D];
        for (int i = 0; i < D; i++)
        {
            factor[(i * D) + i] = 1;
        }

        var region = new Ellipsoid(new double[D], factor, 3);
        double LogDensity(ReadOnlySpan<double> at, Span<double> theta)
        {
            at.CopyTo(theta);
            double log = 0;
            for (int i = 0; i < D; i++)
            {
                log -= (1 + (0.5 * i)) * Math.Abs(at[i]);
            }

            return log;
        }

        RegionCandidates uniform = RegionCandidates.Uniform(region, _ => true, LogDensity, new Rng(1)), normal = RegionCandidates.Normal(region, _ => true, LogDensity, new Rng(2))!;
        double[][] firsts = [.. new[] { uniform, normal }.Select((candidates, k) =>
        {
            var rng = new Rng(3 + (ulong)k);
            List<double> kept = [];
            while (kept.Count < Draws)
            {
                if (candidates.TrySample(z, x, rng, out bool exceeds))
                {
                    kept.Add(Math.Abs(x[0]));
                }

                Assert.False(exceeds);
            }

            return kept.ToArray();
        })];

        double error = Math.Sqrt(firsts.Sum(f => f.Average(v => (v - f.Average()) * (v - f.Average())) / Draws));
        Assert.Equal(firsts[0].Average(), firsts[1].Average(), 4.5 * error);
        Assert.Equal(uniform.LogMass, normal.LogMass, 4.5 * (uniform.LogMassError + normal.LogMassError));
        Assert.True(normal.Acceptance > uniform.Acceptance);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sample_OfTheLynxHarePrior_NeverPassesTheBound(double radius)
    {
        const int Draws = 10_000;
        double[] mean = [0.547, 0.0278, 0.799, 0.0241, 0.248, 0.252, 34.05, 5.95], centre = new double[8], factor = new double[64], x = new double[8];
        var bijection = new SupportBijection(LynxHare);
        bijection.ToUnconstrained(mean, centre);
        for (int i = 0; i < 8; i++)
        {
            factor[(i * 8) + i] = 1;
            for (int j = 0; j < i; j++)
            {
                factor[(i * 8) + j] = 0.4 * Math.Cos(i + (2 * j));
            }
        }

        var restricted = new RestrictedPrior(LynxHare, bijection, new Ellipsoid(centre, factor, radius));
        var rng = new Rng(21);
        for (int i = 0; i < Draws; i++)
        {
            restricted.Sample(x, rng);
            Assert.True(restricted.Contains(x));
        }

        Assert.Equal(0, restricted.BoundExceeded);
        Assert.InRange(restricted.LogMassError, 0, 0.1);
    }

    [Fact]
    public void Constructor_IsAFunctionOfPriorAndRegion()
    {
        var bijection = new SupportBijection(LynxHare);
        double[] factor = new double[64];
        for (int i = 0; i < 8; i++)
        {
            factor[i * 9] = 1;
        }

        var region = new Ellipsoid(new double[8], factor, 2);
        RestrictedPrior a = new(LynxHare, bijection, region), b = new(LynxHare, bijection, region);
        Assert.Equal((a.LogMass, a.Acceptance), (b.LogMass, b.Acceptance));
    }

    [Fact]
    public void Contains_OutsideTheSupport_IsFalse()
    {
        var prior = new Uniform(0, 1);
        var restricted = new RestrictedPrior(prior, new SupportBijection(prior), new Ellipsoid([0], [1], 1));
        Assert.True(restricted.Contains([0.5]));
        Assert.False(restricted.Contains([-0.1]));
        Assert.False(restricted.Contains([double.NaN]));
        Assert.Equal(double.NegativeInfinity, restricted.LogProb([1.1]));
        Assert.Equal(double.NaN, restricted.LogProb([double.NaN]));
    }

    [Fact]
    public void Constructor_WhereThePriorHasNoMass_Throws()
    {
        var prior = new Normal(0, 1);
        var bijection = new SupportBijection(prior);
        Assert.Contains(
            "1 dimensions, got 2", Assert.Throws<ArgumentException>(() => new RestrictedPrior(prior, bijection, new Ellipsoid([0, 0], [1, 0, 0, 1], 1))).Message, StringComparison.Ordinal);

        // exp(-x²/2) is representable as a logarithm at 1e3, so that is a legal region; at 1e200 the square overflows and nothing is left.
        var far = new RestrictedPrior(prior, bijection, new Ellipsoid([1000], [0.001], 1));
        double[] x = new double[1];
        far.Sample(x, new Rng(1));
        Assert.InRange(x[0], 999.999, 1000.001);
        Assert.Contains(
            "no density", Assert.Throws<ArgumentException>(() => new RestrictedPrior(prior, bijection, new Ellipsoid([1e200], [1], 1))).Message, StringComparison.Ordinal);
    }

    // [-1, 1.5] and [0.5, 9] have [0.5, 1.5] in common: a normal law between these ends.
    [Fact]
    public void Sample_InTwoRegions_HasThePriorsShapeInBoth()
    {
        var prior = new Normal(0, 1);
        var restricted = new RestrictedPrior(prior, new SupportBijection(prior), [new Ellipsoid([4.75], [4.25], 1), new Ellipsoid([0.25], [1.25], 1)]);
        double[] draws = new double[20_000];
        var rng = new Rng(2);
        for (int i = 0; i < draws.Length; i++)
        {
            restricted.Sample(draws.AsSpan(i, 1), rng);
        }

        double below = prior.Cdf(0.5), mass = prior.Cdf(1.5) - below;
        GoodnessOfFit.AssertContinuous(draws, x => Math.Clamp((prior.Cdf(x) - below) / mass, 0, 1), "two regions");
        Assert.Equal(Math.Log(mass), restricted.LogMass, 5 * restricted.LogMassError);
        Assert.False(restricted.Contains([0.4]) || restricted.Contains([1.6]));
        Assert.Equal(double.NegativeInfinity, restricted.LogProb([2]));
        Assert.Throws<ArgumentException>(() => new RestrictedPrior(prior, new SupportBijection(prior), [new Ellipsoid([4], [1], 1), new Ellipsoid([-4], [1], 1)]));
    }

    private static ScalarDistribution Scalar(string name) => name switch
    {
        "normal" => new Normal(0, 1),
        "log-normal" => new LogNormal(-1, 1),
        "truncated" => new TruncatedNormal(0.05, 0.05, 0, double.PositiveInfinity),
        "uniform" => new Uniform(-1, 3),
        _ => new Beta(2, 5),
    };

    private static double Outside(SupportBijection bijection, double high)
    {
        double[] x = new double[1];
        bijection.ToConstrained([high + 0.01], x);
        return x[0];
    }
}
