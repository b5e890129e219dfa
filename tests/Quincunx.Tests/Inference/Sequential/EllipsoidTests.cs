using Quincunx.Inference.Sequential;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Numerics.Random;

namespace Quincunx.Tests.Inference.Sequential;

public sealed class EllipsoidTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, Math.PI)]
    [InlineData(3, 4 * Math.PI / 3)]
    [InlineData(8, Math.PI * Math.PI * Math.PI * Math.PI / 24)]
    public void LogVolume_IsThatOfTheBallTimesDeterminantAndRadius(int d, double unitBall)
    {
        double[] factor = Factor(d);
        double expected = Math.Log(unitBall) + (d * Math.Log(1.7));
        for (int i = 0; i < d; i++)
        {
            expected += Math.Log(factor[(i * d) + i]);
        }

        Assert.Equal(expected, new Ellipsoid(new double[d], factor, 1.7).LogVolume, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(70)]
    public void Sample_IsUniformOverTheVolume(int d)
    {
        const int Draws = 20_000;
        double[] centre = [.. Enumerable.Range(0, d).Select(i => i - 0.5)], factor = Factor(d), z = new double[d];
        var ellipsoid = new Ellipsoid(centre, factor, 1.7);
        double[] radii = new double[Draws], first = new double[Draws], mixed = new double[Draws];
        var rng = new Rng(3);
        for (int n = 0; n < Draws; n++)
        {
            ellipsoid.Sample(z, rng);
            double distance = ellipsoid.Distance(z);
            Assert.True(distance <= 1.7 * (1 + 1e-12));
            radii[n] = Math.Min(1, distance / 1.7);
            (first[n], mixed[n]) = (z[0], z[0] - centre[0] + (z[^1] - centre[^1]));
        }

        // A uniform point has distance r with distribution function (r/R)^d and covariance R² Σ / (d + 2).
        GoodnessOfFit.AssertContinuous(radii, r => Math.Pow(r, d), "radius");
        double Covariance(int i, int j) => 1.7 * 1.7 / (d + 2) * Enumerable.Range(0, d).Sum(k => factor[(i * d) + k] * factor[(j * d) + k]);
        GoodnessOfFit.AssertMoments(first, centre[0], Covariance(0, 0), "first");
        GoodnessOfFit.AssertMoments(mixed, 0, Covariance(0, 0) + Covariance(d - 1, d - 1) + (2 * Covariance(0, d - 1)), "sum");
    }

    [Fact]
    public void Distance_IsTheMahalanobisDistance()
    {
        // Σ = [[4, 2], [2, 10]], Σ⁻¹ = [[10, -2], [-2, 4]] / 36; by hand for (3, 1) from (1, 2): (40 + 8 + 4) / 36.
        var ellipsoid = new Ellipsoid([1, 2], [2, 0, 1, 3], 1.2);

        Assert.Equal(Math.Sqrt(52.0 / 36), ellipsoid.Distance([3, 1]), 1e-14);
        Assert.False(ellipsoid.Contains([3, 1.0]));
        Assert.True(ellipsoid.Contains([3, 1.2]));
        Assert.False(ellipsoid.Contains([double.NaN, 0]));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    [InlineData(1)]
    public void Enclosing_HoldsTheShareOfThePoints(double share)
    {
        const int Count = 5000;
        double[] points = Normal(Count, 3, new Rng(1));

        Ellipsoid ellipsoid = Ellipsoid.Enclosing(points, 3, share);

        int held = Enumerable.Range(0, Count).Count(i => ellipsoid.Contains(points.AsSpan(i * 3, 3)));
        Assert.Equal((int)Math.Ceiling(share * Count), held);
        Ellipsoid wider = Ellipsoid.Enclosing(points, 3, share, margin: 1.25);
        Assert.Equal(1.25 * ellipsoid.Radius, wider.Radius, 1e-12);
        Assert.Equal(ellipsoid.Factor, wider.Factor);
    }

    [Fact]
    public void Enclosing_OfNormalPoints_HasTheirCentreAndAxes()
    {
        const int Count = 20_000, D = 4;
        double[] factor = Factor(D), points = Normal(Count, D, new Rng(8), factor);

        Ellipsoid ellipsoid = Ellipsoid.Enclosing(points, D, 0.99);

        // Σ r² is scale free. The sd of a covariance entry from n normal rows is about √(2/n) = 0.01 of the variances; 5 of them.
        double exact = SpecialFunctions.ChiSquaredQuantile(0.99, D);
        for (int i = 0; i < D; i++)
        {
            double variance = Enumerable.Range(0, D).Sum(k => factor[(i * D) + k] * factor[(i * D) + k]);
            double found = ellipsoid.Radius * ellipsoid.Radius * Enumerable.Range(0, D).Sum(k => ellipsoid.Factor[(i * D) + k] * ellipsoid.Factor[(i * D) + k]);
            Assert.InRange(found / (variance * exact), 0.93, 1.07);
            Assert.InRange(ellipsoid.Centre[i] / Math.Sqrt(variance), -0.04, 0.04);
        }

        // Fresh points: 1 % outside, with standard error 0.0007 from these and as much from the quantile; 5 of both.
        double[] fresh = Normal(Count, D, new Rng(9), factor);
        double outside = Enumerable.Range(0, Count).Count(i => !ellipsoid.Contains(fresh.AsSpan(i * D, D))) / (double)Count;
        Assert.InRange(outside, 0.005, 0.015);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Enclosing_WithTwoPercentFarOff_IsThatOfTheOthers(int d)
    {
        const int Count = 5000, Far = 100;
        double[] points = Normal(Count, d, new Rng(4));
        Ellipsoid clean = Ellipsoid.Enclosing(points, d, 0.95);
        var rng = new Rng(5);
        for (int i = 0; i < Far * d; i++)
        {
            points[i] = 1e4 * (1 + rng.NextDouble());      // all on one side: centre and shape of plain moments would follow
        }

        Ellipsoid robust = Ellipsoid.Enclosing(points, d, 0.95);

        // The radius is now the quantile 0.95 / 0.98 of the others instead of 0.95, in d = 2: √(ln 0.031 / ln 0.05) = 1.08; the bulk grows by 2 %.
        Assert.InRange(robust.LogVolume - clean.LogVolume, 0, d * Math.Log(1.12));
        Assert.True(robust.Distance(new double[d]) < 0.2);

        // Plain moments: the sd of a coordinate would be about 1.5e4 √(0.02 · 0.98) = 2100.
        Assert.All(robust.Factor, v => Assert.True(Math.Abs(v) < 2));
    }

    [Fact]
    public void Enclosing_OfBadPoints_SaysWhatIsWrong()
    {
        double[] points = Normal(100, 2, new Rng(1));
        Assert.Contains("more than 4 rows of 2", Assert.Throws<ArgumentException>(() => Ellipsoid.Enclosing(points.AsSpan(0, 8), 2, 0.9)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Ellipsoid.Enclosing(points.AsSpan(0, 99), 2, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ellipsoid.Enclosing(points, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ellipsoid.Enclosing(points, 2, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ellipsoid.Enclosing(points, 2, 0.9, margin: 0.9));

        points[7] = double.NaN;
        Assert.Contains("NaN in row 3, coordinate 1", Assert.Throws<ArgumentException>(() => Ellipsoid.Enclosing(points, 2, 0.9)).Message, StringComparison.Ordinal);
        double[] line = [.. Enumerable.Range(0, 50).SelectMany(i => new double[] { i, 2 * i })];
        Assert.Contains("singular: pivot 1", Assert.Throws<ArgumentException>(() => Ellipsoid.Enclosing(line, 2, 0.9)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_WithBadNumbers_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Ellipsoid([0, 0], [1, 0, 0], 1));
        Assert.Throws<ArgumentException>(() => new Ellipsoid([], [], 1));
        Assert.Throws<ArgumentException>(() => new Ellipsoid([double.NaN], [1], 1));
        Assert.Throws<ArgumentException>(() => new Ellipsoid([0, 0], [1, 0, 0, 0], 1));
        Assert.Throws<ArgumentException>(() => new Ellipsoid([0], [double.PositiveInfinity], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ellipsoid([0], [1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ellipsoid([0], [1], double.NaN));
    }

    [Fact]
    public void Constructor_CopiesItsArrays()
    {
        double[] centre = [0], factor = [1];
        var ellipsoid = new Ellipsoid(centre, factor, 1);
        (centre[0], factor[0]) = (5, 7);
        Assert.Equal(0.5, ellipsoid.Distance([0.5]));
    }

    // The table in docs/methods/truncation.md: posterior mass outside the region of a normal posterior, share 99 %, margin 1.25.
    [Theory]
    [InlineData(2, 7.5e-4)]
    [InlineData(5, 2.6e-4)]
    [InlineData(8, 1.2e-4)]
    [InlineData(20, 1.13e-5)]
    public void Margin_OfAQuarter_LeavesOfANormalPosterior(int d, double outside) =>
        Assert.Equal(outside, SpecialFunctions.ChiSquaredSurvival(1.25 * 1.25 * SpecialFunctions.ChiSquaredQuantile(0.99, d), d), 0.05 * outside);

    // A lower triangle with some correlation and unequal lengths.
    private static double[] Factor(int d)
    {
        double[] factor = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
            {
                factor[(i * d) + j] = 0.3 / (1 + i - j);
            }

            factor[(i * d) + i] = 1 + (0.2 * (i % 4));
        }

        return factor;
    }

    private static double[] Normal(int count, int d, Rng rng, double[]? factor = null)
    {
        double[] points = new double[count * d], zero = new double[d], eye = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            eye[(i * d) + i] = 1;
        }

        for (int i = 0; i < count; i++)
        {
            rng.NextMultivariateNormal(zero, factor ?? eye, points.AsSpan(i * d, d));
        }

        return points;
    }
}
