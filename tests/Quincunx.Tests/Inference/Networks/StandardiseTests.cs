using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class StandardiseTests
{
    [Fact]
    public void Fit_OfSmallData_HasTheHandComputedMoments()
    {
        Standardise map = Standardise.Fit([1.0, 10, 3, 10, 5, 10], 2);

        Assert.Equal([3.0, 10], map.Mean.ToArray());
        Assert.Equal(Math.Sqrt(8.0 / 3), map.Scale[0], 1e-15);
        Assert.Equal((1.0, 1), (map.Scale[1], Assert.Single(map.ConstantFeatures)));
        Assert.Equal(-0.5 * Math.Log(8.0 / 3), map.LogAbsDet, 1e-15);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1e9, 1e-3)]
    [InlineData(-5e15, 100)]
    [InlineData(0, 1e300)]
    [InlineData(1e-290, 1e-300)]
    public void Fit_OfAnyScale_GivesMeanZeroAndDeviationOne(double centre, double scale)
    {
        const int Count = 2000;
        double[] x = new double[Count], y = new double[Count], back = new double[Count];
        new Rng(5).FillNormal(x);
        for (int i = 0; i < Count; i++)
        {
            x[i] = centre + (scale * x[i]);
        }

        Standardise map = Standardise.Fit(x, 1);
        map.Apply(x, y);
        map.Invert(y, back);

        // The data are rounded to an ulp of the centre, 0.5 for a scale of 100 in the worst case; the mean is found to that.
        Assert.Empty(map.ConstantFeatures);
        Assert.Equal(0, y.Average(), 0.01);
        Assert.Equal(1, Math.Sqrt(y.Average(v => v * v)), 1e-4);
        Assert.Equal(x, back, (a, b) => Math.Abs(a - b) <= 4e-16 * (Math.Abs(a) + (10 * scale)));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0)]
    [InlineData(1e308)]
    public void Fit_OfAConstantColumn_IsReportedAndFinite(double value)
    {
        double[] x = [.. Enumerable.Repeat(value, 1001)], y = new double[1001];
        Standardise map = Standardise.Fit(x, 1);
        map.Apply(x, y);

        Assert.Equal([0], map.ConstantFeatures);
        Assert.All(y, v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Fit_OfNonFiniteData_NamesThePlace(double bad) =>
        Assert.Contains("Row 1, feature 0", Assert.Throws<ArgumentException>(() => Standardise.Fit([1, 2, bad, 4], 2)).Message, StringComparison.Ordinal);

    [Fact]
    public void Fit_OfNoOrPartialRows_Throws()
    {
        Assert.Throws<ArgumentException>(() => Standardise.Fit([], 2));
        Assert.Throws<ArgumentException>(() => Standardise.Fit([1.0, 2, 3], 2));
    }

    [Theory]
    [InlineData(DType.Float32, 1e-6)]
    [InlineData(DType.Float64, 1e-15)]
    public void Forward_OfTensors_AgreesWithRowsAndInverts(DType dtype, double tolerance)
    {
        double[] x = [1, -4, 2, 0.5, 7, 3], y = new double[6];
        Standardise map = Standardise.Fit(x, 2);
        map.Apply(x, y);
        Tensor point = Tensor.From(x, new Shape(3, 2), dtype).Track();
        Tensor mapped = map.Forward(point);

        Assert.Equal(dtype, mapped.DType);
        Assert.Equal(y, mapped.ToArray(), (a, b) => Math.Abs(a - b) < tolerance);
        Assert.Equal(x, map.Inverse(mapped).ToArray(), (a, b) => Math.Abs(a - b) < 10 * tolerance);
        double[] slope = Gradient.Of(mapped.Sum(), point).ToArray();
        Assert.Equal(Math.Exp(map.LogAbsDet), slope[0] * slope[1], 10 * tolerance);
    }
}
