using Quincunx.Runs.Pipeline.Reporting;

namespace Quincunx.Tests.Runs.Pipeline;

public sealed class OutputSeriesTests
{
    [Theory]
    [InlineData("hare_1900 hare_1901 lynx_1900 lynx_1901", "hare:0@1900,1@1901 lynx:2@1900,3@1901")]
    [InlineData("y_2 y_10 y_1", "y:2@1,0@2,1@10")]                  // by number, not by letter
    [InlineData("a_b_0.5 a_b_-1", "a_b:1@-1,0@0.5")]
    [InlineData("x_1", "x:0@1")]
    [InlineData("x1 x2", "x:0@1,1@2")]
    [InlineData("y_1 y_two", "x:0@1,1@2")]
    [InlineData("y_1 y_1.0", "x:0@1,1@2")]                          // one place, two values
    [InlineData("mass_1 charge_2", "x:0@1,1@2")]                    // numbers, but no series
    [InlineData("_1 _2", "x:0@1,1@2")]
    public void Of_Names_FindsTheSeries(string names, string expected)
    {
        IReadOnlyList<OutputSeries> series = OutputSeries.Of(names.Split(' '));

        Assert.Equal(expected, string.Join(' ', series.Select(s => $"{s.Name}:{string.Join(',', s.Indices.Zip(s.Coordinates, (i, c) => FormattableString.Invariant($"{i}@{c}")))}")));
    }

    [Fact]
    public void Columns_OfATable_PicksTheSeriesInItsOrder()
    {
        var series = new OutputSeries("y", [2, 0], [1, 2]);

        Assert.Equal([3.0, 1, 6, 4], series.Columns([1, 2, 3, 4, 5, 6], columns: 3));
    }
}
