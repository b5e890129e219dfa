using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Numerics.Random;

public sealed class RngContinuousTests
{
    private const int Count = 40_000;

    [Fact]
    public void NextDouble_ManyDraws_IsUniform()
    {
        Check(rng => rng.NextDouble(), x => x, 0.5, 1.0 / 12);
        Check(rng => rng.NextOpenDouble(), x => x, 0.5, 1.0 / 12);
        Check(rng => rng.NextUniform(-3, 5), x => (x + 3) / 8, 1, 64.0 / 12);
    }

    [Fact]
    public void NextUniform_WidestInterval_StaysFiniteAndUniform() =>
        Check(rng => rng.NextUniform(-double.MaxValue, double.MaxValue) / double.MaxValue, x => 0.5 * (x + 1), 0, 1.0 / 3);

    [Fact]
    public void NextNormal_ManyDraws_IsNormal()
    {
        // A million draws see errors of a few thousandths in single layers of the ziggurat; its tail starts at 3.65.
        double[] x = Draw(rng => rng.NextNormal(), 1_000_000);
        GoodnessOfFit.AssertContinuous(x, SpecialFunctions.NormalCdf, "normal");
        GoodnessOfFit.AssertMoments(x, 0, 1, "normal");

        double edge = 3.6541528853610088, tail = SpecialFunctions.NormalCdf(-edge);
        double[] beyond = [.. x.Where(v => Math.Abs(v) > edge).Select(Math.Abs)];
        double expected = 2 * tail * x.Length;
        Assert.InRange(beyond.Length, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected));
        GoodnessOfFit.AssertContinuous(beyond, v => 1 - SpecialFunctions.NormalCdf(-v) / tail, "normal tail");
    }

    [Fact]
    public void NextNormal_LayerByLayer_HasTheRightShare()
    {
        // Every edge of the 255 inner layers is a cell: each wedge and each layer's share is tested.
        double[] edges = [.. Ziggurat.Width[1..]];
        long[] cells = [.. Draw(rng => rng.NextNormal(), 1_000_000).Select(x => (long)edges.Count(e => e > Math.Abs(x)))];
        double Below(long k) => k == 0 ? 1 : 2 * SpecialFunctions.NormalCdf(edges[k - 1]) - 1;
        GoodnessOfFit.AssertDiscrete(cells, 0, 255, k => Math.Log(Below(k) - (k == 255 ? 0 : Below(k + 1))), "layers");
    }

    [Fact]
    public void ZigguratTables_ByConstruction_CloseAtDensityOne()
    {
        double area = Ziggurat.Width[0] * Math.Exp(-0.5 * Ziggurat.Edge * Ziggurat.Edge);
        double tail = Math.Sqrt(2 * Math.PI) * SpecialFunctions.NormalCdf(-Ziggurat.Edge);
        Assert.Equal(area, Ziggurat.Edge * Math.Exp(-0.5 * Ziggurat.Edge * Ziggurat.Edge) + tail, 1e-17);
        for (int i = 1; i < 256; i++)
        {
            Assert.Equal(area, Ziggurat.Width[i] * (Ziggurat.Height[i + 1] - Ziggurat.Height[i]), 1e-13);
        }
    }

    [Fact]
    public void NextExponential_ManyDraws_IsExponential() =>
        Check(rng => rng.NextExponential(), x => -SpecialFunctions.Expm1(-x), 1, 1);

    [Theory]
    [InlineData(0.05), InlineData(0.3), InlineData(0.999), InlineData(1), InlineData(1.5), InlineData(7), InlineData(300), InlineData(1e5)]
    public void NextGamma_AnyShape_IsGamma(double shape)
    {
        Check(rng => rng.NextGamma(shape), x => SpecialFunctions.GammaP(shape, x), shape, shape);
        GoodnessOfFit.AssertContinuous(Draw(rng => rng.NextLogGamma(shape)), y => SpecialFunctions.GammaP(shape, Math.Exp(y)), "log-gamma");
    }

    [Fact]
    public void NextGamma_HugeShape_IsNormalAtItsScale()
    {
        // The skewness 2 / √shape is below 1e-6: the normal limit holds far within the resolution of the test.
        const double Shape = 1e14;
        double[] z = Draw(rng => (rng.NextGamma(Shape) - Shape) / Math.Sqrt(Shape));
        GoodnessOfFit.AssertContinuous(z, SpecialFunctions.NormalCdf, "gamma(1e14)");
    }

    [Fact]
    public void NextLogGamma_TinyShape_KeepsWhatUnderflows()
    {
        // log Gamma(a) is -Exponential / a up to terms of order one, for a near 0.
        double[] x = Draw(rng => -1e-5 * rng.NextLogGamma(1e-5));
        GoodnessOfFit.AssertMoments(x, 1, 1, "log-gamma(1e-5)");
        Assert.All(Draw(rng => rng.NextGamma(1e-5)), v => Assert.True(v > 0));
    }

    [Theory]
    [InlineData(0.05, 0.1), InlineData(0.5, 0.5), InlineData(1, 1), InlineData(0.3, 4), InlineData(2, 5), InlineData(400, 3), InlineData(1e5, 2e5)]
    public void NextBeta_AnyShapes_IsBetaInsideTheOpenInterval(double a, double b)
    {
        double[] x = Draw(rng => rng.NextBeta(a, b));
        Assert.All(x, v => Assert.True(v is > 0 and < 1));
        double n = a + b;
        GoodnessOfFit.AssertMoments(x, a / n, a * b / (n * n * (n + 1)), "beta");
        if (b >= 0.3)                           // below, a visible share of draws is closer to 1 than float64 can tell
        {
            GoodnessOfFit.AssertContinuous(x, v => SpecialFunctions.BetaRegularized(a, b, v), "beta");
        }
    }

    [Theory]
    [InlineData(0.3), InlineData(1), InlineData(2.5), InlineData(5), InlineData(30), InlineData(1e4)]
    public void NextStudentT_AnyDegrees_IsStudentT(double degrees)
    {
        double[] x = Draw(rng => rng.NextStudentT(degrees));
        GoodnessOfFit.AssertContinuous(x, v => SpecialFunctions.StudentTCdf(v, degrees), "student");
        if (degrees > 8)                        // the test of the variance needs the fourth moment's own spread
        {
            GoodnessOfFit.AssertMoments(x, 0, degrees / (degrees - 2), "student");
        }
    }

    [Fact]
    public void NextStudentT_InfiniteDegrees_IsNormal() =>
        Assert.Equal(new Rng(3).NextNormal(), new Rng(3).NextStudentT(double.PositiveInfinity));

    [Fact]
    public void NextMultivariateNormal_CorrelatedPair_HasItsCovariance()
    {
        double[] mean = [1, -2], cholesky = [2, double.NaN, -1.5, 0.5];     // above the diagonal is not read
        double[] a = new double[Count], b = new double[Count], product = new double[Count];
        Rng rng = Stream();
        Span<double> x = stackalloc double[2];
        for (int i = 0; i < Count; i++)
        {
            rng.NextMultivariateNormal(mean, cholesky, x);
            (a[i], b[i], product[i]) = (x[0], x[1], (x[0] - 1) * (x[1] + 2));
        }

        GoodnessOfFit.AssertMoments(a, 1, 4, "first");
        GoodnessOfFit.AssertMoments(b, -2, 2.5, "second");
        // Isserlis: Var(ab) = s11 s22 + s12² = 4 * 2.5 + 9.
        GoodnessOfFit.AssertMoments(product, -3, 19, "product");
        GoodnessOfFit.AssertContinuous(b, v => SpecialFunctions.NormalCdf((v + 2) / Math.Sqrt(2.5)), "second");
    }

    [Fact]
    public void Fill_AnyLength_GivesTheScalarDraws()
    {
        double[] filled = new double[33];
        float[] single = new float[33];
        Stream().FillNormal(filled);
        Stream().FillNormal(single);
        Rng rng = Stream();
        Assert.All(Enumerable.Range(0, 33), i => Assert.Equal(rng.NextNormal(), filled[i]));
        Assert.Equal([.. filled.Select(x => (float)x)], single);

        Stream().FillUniform(filled);
        rng = Stream();
        Assert.All(Enumerable.Range(0, 33), i => Assert.Equal(rng.NextDouble(), filled[i]));
    }

    [Fact]
    public void Draws_WithBadArguments_Throw()
    {
        Rng rng = Stream();
        foreach (double bad in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextGamma(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextLogGamma(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextBeta(1, bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextBeta(bad, 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextStudentT(0));
        Assert.Throws<ArgumentException>(() => rng.NextUniform(1, 0));
        Assert.Throws<ArgumentException>(() => rng.NextUniform(0, double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => rng.NextMultivariateNormal([0, 0], [1, 0, 1], new double[2]));
    }

    private static Rng Stream() => new Rng(20).Split("continuous");

    private static double[] Draw(Func<Rng, double> draw, int count = Count)
    {
        Rng rng = Stream();
        double[] x = new double[count];
        for (int i = 0; i < count; i++)
        {
            x[i] = draw(rng);
        }

        return x;
    }

    private static void Check(Func<Rng, double> draw, Func<double, double> cdf, double mean, double variance)
    {
        double[] x = Draw(draw);
        GoodnessOfFit.AssertContinuous(x, cdf);
        GoodnessOfFit.AssertMoments(x, mean, variance);
    }
}
