using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Npe;

public sealed class FeatureScalingTests
{
    private const int Rows = 4000;

    [Theory]
    [InlineData("normal", false)]
    [InlineData("uniform", false)]              // its smallest of many values is tiny; that is no reason
    [InlineData("normal around 100", false)]
    [InlineData("half-normal", false)]          // a logarithm would skew it to the other side
    [InlineData("log-normal", true)]
    [InlineData("narrow log-normal", true)]
    [InlineData("powers of ten", true)]
    [InlineData("log-normal and a zero", false)]
    [InlineData("negative", false)]
    public void Fit_TakesTheLogarithmWhereItHelps(string name, bool expected)
    {
        double[] column = Column(name);
        FeatureScaling scaling = FeatureScaling.Fit(column, 1);
        Assert.Equal(expected, scaling.LogFeatures.Count == 1);
        Assert.Empty(scaling.ConstantFeatures);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("normal around 100")]
    [InlineData("log-normal")]
    public void Apply_ToTrainingData_HasUnitSpread(string name)
    {
        double[] column = Column(name), scaled = new double[Rows];
        FeatureScaling.Fit(column, 1).Apply(column, scaled);

        // The sd of a normal from its quartiles has relative error about 1.17 / √n·... = 0.018 for 4000 rows; 5 of them. The soft tail takes below 1 %.
        double mean = scaled.Average(), sd = Math.Sqrt(scaled.Average(v => (v - mean) * (v - mean)));
        Assert.InRange(sd, 0.9, 1.1);
        Assert.InRange(mean, -0.1, 0.1);
    }

    [Fact]
    public void Apply_IsThePublishedFormula()
    {
        // Quartiles of 1..5 are 2 and 4, the median 3.
        FeatureScaling scaling = FeatureScaling.Fit([1, 2, 3, 4, 5], 1);
        double[] scaled = new double[2];
        scaling.Apply([3, 10], scaled);
        double scale = 2 / 1.3489795003921634;
        Assert.Equal(0, scaled[0]);
        Assert.Equal(10 * Math.Asinh(7 / scale / 10), scaled[1], 1e-14);
    }

    [Theory]
    [InlineData("log-normal")]
    [InlineData("normal")]
    public void Apply_IsMonotoneAndFiniteEverywhere(string name)
    {
        FeatureScaling scaling = FeatureScaling.Fit(Column(name), 1);
        double[] x = [-double.MaxValue, -1e10, -1, 0, double.Epsilon, 1e-300, 1e-20, 1e-3, 0.5, 1, 2, 10, 1e5, 1e100, double.MaxValue];
        double[] scaled = new double[x.Length];
        scaling.Apply(x, scaled);
        bool log = scaling.LogFeatures.Count == 1;
        for (int i = 0; i < x.Length; i++)
        {
            Assert.True(double.IsFinite(scaled[i]) && float.IsFinite((float)scaled[i]));

            // With the logarithm, everything up to zero is one value; without it, numbers far below the spread round to one.
            if (i > 0 && (log ? x[i] > double.Epsilon : Math.Abs(x[i]) >= 1e-3))
            {
                Assert.True(scaled[i] > scaled[i - 1], $"{x[i - 1]} and {x[i]} map to {scaled[i - 1]} and {scaled[i]}");
            }
        }
    }

    [Fact]
    public void Apply_InPlace_DoesTheSame()
    {
        double[] rows = [1, 10, 2, 20, 3, 35, 4, 30], scaled = new double[8];
        FeatureScaling scaling = FeatureScaling.Fit(rows, 2);
        scaling.Apply(rows, scaled);
        scaling.Apply(rows, rows);
        Assert.Equal(scaled, rows);
    }

    [Fact]
    public void Fit_OnConstantFeatures_FlagsThem()
    {
        // Constant, mostly constant (quartiles agree), varying.
        double[] rows = [.. Enumerable.Range(0, 100).SelectMany(i => new[] { 7.0, i == 50 ? 3 : 0, i })];
        FeatureScaling scaling = FeatureScaling.Fit(rows, 3);
        Assert.Equal([0], scaling.ConstantFeatures);

        double[] scaled = new double[6];
        scaling.Apply([7, 0, 49.5, 8, 3, 49.5], scaled);
        Assert.Equal(0, scaled[0]);
        Assert.Equal(10 * Math.Asinh(0.1), scaled[3], 1e-14);

        // The mostly constant one has its standard deviation, 3 √(0.01 · 0.99).
        Assert.Equal(10 * Math.Asinh(1 / Math.Sqrt(0.0099) / 10), scaled[4], 1e-12);
    }

    [Fact]
    public void Fit_OnARareHugeValue_DoesNotOverflow()
    {
        double[] column = [.. Enumerable.Range(0, 100).Select(i => i == 3 ? -1e200 : 0.0)], scaled = new double[100];
        FeatureScaling scaling = FeatureScaling.Fit(column, 1);
        scaling.Apply(column, scaled);
        Assert.Empty(scaling.ConstantFeatures);
        Assert.Equal(-10 * Math.Asinh(1 / Math.Sqrt(0.0099) / 10), scaled[3], 1e-12);
    }

    [Fact]
    public void Fit_OnBadData_SaysWhere()
    {
        Assert.Contains("Row 1, feature 1 is NaN", Assert.Throws<ArgumentException>(() => FeatureScaling.Fit([1, 2, 3, double.NaN], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FeatureScaling.Fit([1, double.PositiveInfinity], 1));
        Assert.Throws<ArgumentException>(() => FeatureScaling.Fit([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => FeatureScaling.Fit([], 2));
        Assert.Throws<ArgumentException>(() => FeatureScaling.Fit([1, 2], 2).Apply([1.0], new double[1]));
    }

    [Fact]
    public void State_RoundTrips()
    {
        FeatureScaling scaling = FeatureScaling.Fit([.. Column("log-normal").Zip(Column("normal"), (a, b) => new[] { a, b }).SelectMany(r => r)], 2);
        var other = new FeatureScaling(2);
        ModuleState.Import(other, ModuleState.Export(scaling));

        double[] a = [0.3, 0.4], b = [0.3, 0.4];
        scaling.Apply(a, a);
        other.Apply(b, b);
        Assert.Equal(a, b);
        Assert.Equal([0], other.LogFeatures);
    }

    private static double[] Column(string name)
    {
        Rng rng = new Rng(5).Split(name);
        double[] column = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            double normal = rng.NextNormal();
            column[i] = name switch
            {
                "normal" => normal,
                "uniform" => rng.NextDouble(),
                "normal around 100" => 100 + (3 * normal),
                "half-normal" => Math.Abs(normal),
                "log-normal" => Math.Exp(normal),
                "narrow log-normal" => Math.Exp(0.3 * normal),
                "powers of ten" => Math.Pow(10, 5 * rng.NextDouble()),
                "log-normal and a zero" => i == 17 ? 0 : Math.Exp(normal),
                _ => -Math.Exp(normal),
            };
        }

        return column;
    }
}
