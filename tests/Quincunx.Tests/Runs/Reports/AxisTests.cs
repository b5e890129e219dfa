using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Tests.Runs.Reports;

public sealed class AxisTests
{
    public static TheoryData<double, double> Ranges => new()
    {
        { 0, 1 }, { -3, 7 }, { 0.2, 0.21 }, { 1900, 1920 }, { 1e-9, 3e-9 }, { -1e6, 5e6 }, { 1e300, 9e305 }, { -4e307, 4e307 }, { 999.5, 1000.5 },
        { 1e9, 1e9 + 0.01 }, { -0.07, 0.043 }, { 1.9, 8.1 }, { 0, 5e-200 },
    };

    [Theory, MemberData(nameof(Ranges))]
    public void Linear_OfAnyRange_CoversItInStepsOfOneTwoFive(double min, double max)
    {
        for (int most = 2; most <= 9; most++)
        {
            TickSet ticks = TickSet.Linear(min, max, most);
            double step = ticks.Values[1] - ticks.Values[0], mantissa = step / Math.Pow(10, Math.Floor(Math.Log10(step * (1 + 1e-6))));

            Assert.True(ticks.Values.Count >= 2);
            Assert.Contains(new[] { 1.0, 2, 5, 10 }, m => Math.Abs(m - mantissa) < 1e-4);
            Assert.All(ticks.Values, v => Assert.InRange(v, min, max));
            Assert.True(ticks.Values[0] - min < step * (1 + 1e-6) && max - ticks.Values[^1] < step * (1 + 1e-6), "A tick is missing at an end.");
            Assert.Equal(ticks.Labels.Count, ticks.Labels.Distinct().Count());

            // More than asked only where the next coarser step has no two multiples inside: -4 to 4 has five of 2 and one of 5.
            Assert.True(ticks.Values.Count <= Math.Max(most, 5), $"{ticks.Values.Count} ticks, asked for {most}.");
        }
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(0.03, 400)]
    [InlineData(2, 9)]
    [InlineData(1e-300, 1e300)]
    [InlineData(1e-12, 3)]
    [InlineData(40, 41)]
    [InlineData(15, 180)]
    public void Logarithmic_OfAnyRange_StaysInsideWithDistinctLabels(double min, double max)
    {
        for (int most = 2; most <= 9; most++)
        {
            TickSet ticks = TickSet.Logarithmic(min, max, most);
            Assert.InRange(ticks.Values.Count, 2, Math.Max(most, 4));
            Assert.All(ticks.Values, v => Assert.InRange(v, min * (1 - 1e-6), max * (1 + 1e-6)));
            Assert.Equal(ticks.Labels.Count, ticks.Labels.Distinct().Count());
            Assert.Equal(ticks.Values.Order(), ticks.Values);
        }
    }

    [Theory]
    [InlineData(0, 1, 6, "0.0 0.2 0.4 0.6 0.8 1.0", "")]
    [InlineData(-2, 2, 5, "−2 −1 0 1 2", "")]
    [InlineData(1900, 1920, 5, "1900 1905 1910 1915 1920", "")]
    [InlineData(0, 3e-6, 4, "0 1 2 3", "×10⁻⁶")]
    [InlineData(0, 2.5e7, 6, "0.0 0.5 1.0 1.5 2.0 2.5", "×10⁷")]
    [InlineData(1e9, 1e9 + 0.02, 3, "0.00 0.01 0.02", "+ 1000000000")]
    public void Linear_KnownRanges_AreLabelledAsAPersonWould(double min, double max, int most, string labels, string note)
    {
        TickSet ticks = TickSet.Linear(min, max, most);
        Assert.Equal(labels, string.Join(' ', ticks.Labels));
        Assert.Equal(note, ticks.Note);
    }

    [Theory]
    [InlineData(0.5, 2e6, "1 100 10⁴ 10⁶")]
    [InlineData(2, 80, "2 5 10 20 50")]
    [InlineData(1e-8, 1e-5, "10⁻⁸ 10⁻⁷ 10⁻⁶ 10⁻⁵")]
    public void Logarithmic_KnownRanges_AreLabelledAsAPersonWould(double min, double max, string labels) =>
        Assert.Equal(labels, string.Join(' ', TickSet.Logarithmic(min, max, 5).Labels));

    [Theory]
    [InlineData(AxisScale.Linear)]
    [InlineData(AxisScale.Logarithmic)]
    public void Over_DarkCorners_GivesARangeToDivideBy(AxisScale scale)
    {
        foreach (double[] values in new double[][]
        {
            [], [double.NaN], [0], [5, 5], [-1], [double.MaxValue, double.MinValue], [5e-324], [1, double.PositiveInfinity], [1e9, 1e9 + 1e-7], [3, 3 + 1e-15],
        })
        {
            var axis = Axis.Over("x", scale, values);
            Assert.True(double.IsFinite(axis.Min) && axis.Min < axis.Max && double.IsFinite(axis.Position(axis.Max)));
            Assert.Equal(0, axis.Position(axis.Min), 1e-12);
            Assert.Equal(1, axis.Position(axis.Max), 1e-12);
            Assert.True(axis.Ticks(5).Values.Count >= 2);
            Assert.All(values.Where(axis.IsUsable), v => Assert.InRange(axis.Position(v), 0, 1));
        }
    }
}
