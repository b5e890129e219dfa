using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Networks;

public sealed class ColumnMomentsTests
{
    private const int Rows = 5000;

    [Theory]
    [InlineData(0, 1, 1e-13)]
    [InlineData(1e9, 1e-3, 3e-4)]               // of the spread: what float64 leaves of 1e9 + 1e-3 z is 1e-4 of it
    [InlineData(-5e200, 1e200, 1e-13)]
    [InlineData(0, 1e-250, 1e-13)]
    [InlineData(1e308, 2e307, 1e-13)]
    public void Add_InBlocks_IsExactToRounding(double offset, double spread, double tolerance)
    {
        double[] z = new double[Rows];
        new Rng(3).FillUniform(z);
        double[] values = [.. z.Select(v => offset + (spread * (v - 0.5)))];
        foreach (int block in new[] { 1, 7, 1000, Rows })
        {
            var moments = new ColumnMoments(1);
            for (int from = 0; from < Rows; from += block)
            {
                moments.Add(values.AsSpan(from, Math.Min(block, Rows - from)));
            }

            // In units of the spread, where the sums of 5000 numbers are good to 1e-14.
            double mean = values.Average(v => (v / spread) - (offset / spread)), sd = Math.Sqrt(values.Average(v => Math.Pow((v / spread) - (offset / spread) - mean, 2)));
            Assert.Equal(Rows, moments.Count);
            Assert.Equal(mean, (moments.Mean(0) / spread) - (offset / spread), tolerance * Math.Max(1, 4 * Math.Abs(offset / spread)));
            Assert.Equal(sd, moments.StandardDeviation(0) / spread, tolerance * Math.Max(1, 4 * Math.Abs(offset / spread) * 1e-3));
            Assert.Equal((values.Min(), values.Max()), (moments.Least[0], moments.Greatest[0]));
        }
    }

    [Fact]
    public void Add_OfColumns_KeepsThemApart()
    {
        var moments = new ColumnMoments(3);
        moments.Add([1, 5, 0, 3, 5, 0]);
        moments.Add([]);
        moments.Add([8, 5, 1e-300]);
        Assert.Equal((4, 5, 1e-300 / 3), (moments.Mean(0), moments.Mean(1), moments.Mean(2)));
        Assert.Equal(Math.Sqrt(26 / 3.0), moments.StandardDeviation(0), 1e-15);
        Assert.Equal(0, moments.StandardDeviation(1));
        var standardise = Standardise.Fit(moments);
        Assert.Equal([1], standardise.ConstantFeatures);
    }

    [Fact]
    public void Add_OfWhatIsNotFiniteOrWhole_Throws()
    {
        var moments = new ColumnMoments(2);
        moments.Add([1, 2]);
        Assert.Contains("Row 2, feature 1", Assert.Throws<ArgumentException>(() => moments.Add([1, 2, 3, double.NaN])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => moments.Add([1, 2, 3]));
        Assert.Equal(1, moments.Count);
        Assert.Throws<ArgumentException>(() => Standardise.Fit(new ColumnMoments(2)));
    }
}
