using Quincunx.Inference.Abc;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Abc;

public sealed class AbcDistanceTests
{
    [Fact]
    public void Fit_MedianDeviation_IsThatOfTheColumn()
    {
        // Deviations from the median 3: 2, 1, 0, 1, 97; their median is 1. Those from 30: 20, 10, 0, 10, 970.
        var distance = AbcDistance.Fit(AbcMetric.MedianDeviation, [1, 10, 2, 20, 3, 30, 4, 40, 100, 1000], 2);
        Assert.Equal([1, 10], distance.Scale);
        Assert.Equal(5, distance.Between([3, 0], [0, 40]), 1e-12);
    }

    [Fact]
    public void Fit_MoreThanHalfEqual_UsesTheDeviation() =>
        Assert.Equal(2, AbcDistance.Fit(AbcMetric.MedianDeviation, [0, 0, 0, 0, 5], 1).Scale[0], 1e-12);

    [Fact]
    public void Fit_ConstantColumn_IsNamed()
    {
        foreach (AbcMetric metric in Enum.GetValues<AbcMetric>())
        {
            var distance = AbcDistance.Fit(metric, [1, 7, 2, 7, 3, 7, 5, 7], 2);
            Assert.Equal([1], distance.ConstantFeatures);
            Assert.Equal(2, distance.Between([1, 7], [1, 5]), 1e-12);
        }
    }

    // By the inverse of the sample covariance, written out.
    [Fact]
    public void Between_Mahalanobis_IsTheClosedForm()
    {
        const int N = 500;
        double[] rows = new double[2 * N];
        var rng = new Rng(1);
        for (int i = 0; i < N; i++)
        {
            rows[2 * i] = 3 + (2 * rng.NextNormal());
            rows[(2 * i) + 1] = rows[2 * i] + (100 * rng.NextNormal());
        }

        double[] a = [.. rows.Where((_, i) => i % 2 == 0)], b = [.. rows.Where((_, i) => i % 2 == 1)];
        double saa = a.Average(v => Math.Pow(v - a.Average(), 2)), sbb = b.Average(v => Math.Pow(v - b.Average(), 2)), sab = a.Zip(b, (u, v) => (u - a.Average()) * (v - b.Average())).Average();
        double expected = Math.Sqrt(((sbb * 9) - (2 * sab * 3 * 50) + (saa * 2500)) / ((saa * sbb) - (sab * sab)));
        var distance = AbcDistance.Fit(AbcMetric.Mahalanobis, rows, 2);
        Assert.Equal(0, distance.Ridge);
        Assert.Equal(expected, distance.Between([3, 50], [0, 0]), 1e-9);
    }

    [Fact]
    public void Fit_CollinearColumns_HasARidgeAndFiniteDistances()
    {
        var distance = AbcDistance.Fit(AbcMetric.Mahalanobis, [1, 2, 2, 4, 3, 6, 7, 14], 2);
        Assert.InRange(distance.Ridge, 1e-9, 1e-7);
        Assert.True(double.IsFinite(distance.Between([1, 2], [2, 3])));
    }

    [Fact]
    public void Fit_NotFinite_Throws()
    {
        Assert.Throws<ArgumentException>(() => AbcDistance.Fit(AbcMetric.Euclidean, [1, double.NaN], 1));
        Assert.Throws<ArgumentException>(() => AbcDistance.Fit(AbcMetric.Euclidean, [], 1));
        Assert.Throws<ArgumentException>(() => AbcDistance.Fit(AbcMetric.Euclidean, [1, 2], 2).Between([1], [2]));
    }
}
