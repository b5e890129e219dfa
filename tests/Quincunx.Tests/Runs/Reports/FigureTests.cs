using System.Globalization;
using System.Xml.Linq;
using Quincunx.Inference.Importance;
using Quincunx.Runs.Reports.Figures;
using Quincunx.Tests.Golden;

namespace Quincunx.Tests.Runs.Reports;

public sealed class FigureTests
{
    [Theory, MemberData(nameof(FigureCases.GoldenNames), MemberType = typeof(FigureCases))]
    public void ToSvgAndToCsv_OfOrdinaryInput_AreTheApprovedTexts(string name)
    {
        IFigure figure = FigureCases.Get(name);
        GoldenFile.AssertMatches($"figure-{name}.svg", figure.ToSvg());

        // Doubles in full: another machine's exp and log may differ in the last digits, nothing more.
        List<string[]> actual = CsvRows.Parse(figure.ToCsv()), approved = CsvRows.Parse(GoldenFile.Approved($"figure-{name}.csv", figure.ToCsv()));
        Assert.Equal(approved.Count, actual.Count);
        foreach ((string[] expectedRow, string[] actualRow) in approved.Zip(actual))
        {
            Assert.Equal(expectedRow, actualRow, SameField);
        }
    }

    [Theory, MemberData(nameof(FigureCases.Names), MemberType = typeof(FigureCases))]
    public void ToSvg_OfAnyInput_IsWellFormedSmallAndNamed(string name)
    {
        string svg = FigureCases.Get(name).ToSvg();
        XElement root = XDocument.Parse(svg).Root!;

        Assert.Equal("svg", root.Name.LocalName);
        Assert.NotEmpty(root.Attribute("aria-label")!.Value);
        Assert.NotEmpty(root.Elements().First(e => e.Name.LocalName == "title").Value);
        Assert.InRange(svg.Length, 500, 300_000);
        Assert.All(
            root.Descendants().Attributes().Where(a => a.Name.LocalName is "d" or "x" or "y" or "x1" or "cx" or "cy" or "width" or "height" or "points"),
            a => Assert.Matches("^[-0-9. MLHVhlz]*$", a.Value));
        Assert.Equal(svg, FigureCases.Get(name).ToSvg());
    }

    [Theory, MemberData(nameof(FigureCases.Names), MemberType = typeof(FigureCases))]
    public void ToSvg_OfAnyInput_KeepsTextInsideThePage(string name)
    {
        XElement root = XDocument.Parse(FigureCases.Get(name).ToSvg()).Root!;
        double width = Number(root, "width"), height = Number(root, "height");
        foreach (XElement text in root.Elements().Where(e => e.Name.LocalName == "text"))
        {
            double length = TextMetrics.Width(string.Concat(text.Nodes().OfType<XText>().Select(t => t.Value))), x = Number(text, "x"), y = Number(text, "y");
            string style = text.Attribute("class")?.Value ?? string.Empty;
            double before = style.Contains('c') ? length / 2 : style.Contains('e') ? length : 0, after = length - before;
            (double low, double high, double room) = text.Attribute("transform") is null ? (x - before, x + after, width) : (y - after, y + before, height);

            // Names that fill their room are allowed the panel's length and a little.
            Assert.True(low > -8 && high < room + 8, $"'{text.Value}' spans {low:0} to {high:0} of {room:0}.");
            Assert.InRange(y, 5, height);
        }
    }

    [Theory, MemberData(nameof(FigureCases.Names), MemberType = typeof(FigureCases))]
    public void ToCsv_OfAnyInput_HasRowsOfOneLength(string name)
    {
        List<string[]> rows = CsvRows.Parse(FigureCases.Get(name).ToCsv());
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.Equal(rows[0].Length, r.Length));
    }

    [Fact]
    public void ToCsv_AwkwardNamesAndNumbers_ComeBackAsTheyWere()
    {
        const string Name = "a, \"b\"\nc µ";
        double[] nominal = [0, 0.1, 1.0 / 3, 1], empirical = [5e-324, 0.30000000000000004, Math.PI / 4, 1];
        List<string[]> rows = CsvRows.Parse(new CoveragePlot([new CoverageCurve(Name, nominal, empirical)], 0).ToCsv());

        Assert.Equal(["curve", "nominal", "empirical", "band_low", "band_high"], rows[0]);
        Assert.All(rows.Skip(1), r => Assert.Equal(Name, r[0]));
        Assert.Equal(nominal, rows.Skip(1).Select(r => double.Parse(r[1], CultureInfo.InvariantCulture)));
        Assert.Equal(empirical, rows.Skip(1).Select(r => double.Parse(r[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void ToSvg_NotFiniteValues_AreCountedInANote()
    {
        string svg = FigureCases.Get("training-diverged").ToSvg();
        Assert.Contains("3 points that are not finite", svg, StringComparison.Ordinal);
        Assert.Contains("Left out: 1 of 3 posterior draws", new CornerPlot(["a"], new WeightedDraws("posterior", 1, [1, double.NaN, 2])).ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToCsv_WeightsWithAParetoTail_FitFollowsThePoints()
    {
        // Log weights of an exact Pareto tail with k = 1/2, at their expected quantiles, up to a constant that must not matter.
        double[] logs = [.. Enumerable.Range(0, 10_000).Select(i => (-0.5 * Math.Log((i + 0.5) / 10_000)) - 700)];
        List<string[]> rows = CsvRows.Parse(new WeightPlot(logs, ImportanceWeights.FromLog(logs).Tail).ToCsv());
        double[] ratios = [.. rows.Where(r => r[0] == "tail" && r[4].Length > 0)
            .Select(r => double.Parse(r[4], CultureInfo.InvariantCulture) / double.Parse(r[3], CultureInfo.InvariantCulture))];

        // The largest few have plotting positions (i + 1/2) against ranks i + 1: the fit is half as high at the first, and closes in.
        Assert.InRange(ratios.Length, 50, 160);
        Assert.All(ratios.Skip(10), r => Assert.InRange(r, 0.85, 1.15));
    }

    [Fact]
    public void ToSvg_EightCorrelatedParameters_StaysLight()
    {
        double[] values = FigureCases.Normal(8 * 20_000, "eight");
        string svg = new CornerPlot([.. "abcdefgh".Select(c => c.ToString())], new WeightedDraws("posterior", 8, values), comparison: new WeightedDraws("raw", 8, values)).ToSvg();
        Assert.InRange(svg.Length, 10_000, 300_000);
    }

    [Fact]
    public void ToSvg_ChangingTheInputArrayLater_ChangesNothing()
    {
        double[] nominal = [0, 0.5, 1], empirical = [0, 0.4, 1];
        var figure = new CoveragePlot([new CoverageCurve("joint", nominal, empirical)], 50);
        string before = figure.ToSvg() + figure.ToCsv();
        (nominal[1], empirical[1]) = (0.6, 0.9);
        Assert.Equal(before, figure.ToSvg() + figure.ToCsv());
    }

    [Fact]
    public void Constructors_ShapesThatDoNotAgree_Throw()
    {
        Assert.Throws<ArgumentException>(() => new WeightedDraws("p", 2, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new WeightedDraws("p", 1, [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new WeightedDraws("p", 1, [1], [-1]));
        Assert.Throws<ArgumentException>(() => new CornerPlot(["a"], new WeightedDraws("p", 2, [1, 2])));
        Assert.Throws<ArgumentException>(() => new CornerPlot(["a"], new WeightedDraws("p", 1, [1]), truth: [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CornerPlot([], new WeightedDraws("p", 1, [1])));
        Assert.Throws<ArgumentException>(() => new CalibrationPlot(["a"], [11], draws: 10));
        Assert.Throws<ArgumentException>(() => new CoveragePlot([new CoverageCurve("a", [0.5], [])], 3));
        Assert.Throws<ArgumentException>(() => new PredictivePlot([new PredictiveSeries { Name = "a", Coordinates = [1, 2], Observed = [1] }], "x"));
    }

    // A band between two points at one place would have no width and not be seen.
    [Fact]
    public void PredictivePlot_OfOneValue_DrawsBandsThatHaveAWidth()
    {
        double[] predictions = [.. Enumerable.Range(0, 41).Select(i => (double)i)];
        var plot = new PredictivePlot([new PredictiveSeries { Name = "a", Coordinates = [1], Observed = [20], Posterior = predictions }], "output");
        XElement[] bands = [.. XElement.Parse(plot.ToSvg()).Descendants().Where(e => e.Name.LocalName == "path" && (string?)e.Attribute("class") is "f1" or "f2")];
        Assert.NotEmpty(bands);
        Assert.All(bands, band =>
        {
            double[] numbers = [.. System.Text.RegularExpressions.Regex.Matches(band.Attribute("d")!.Value, @"-?\d+(\.\d+)?").Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
            Assert.InRange(numbers.Max() - numbers.Min(), 20, 640);
            Assert.True(numbers.Where((_, i) => i % 2 == 0).Distinct().Count() >= 2, band.ToString());
        });
    }

    private static bool SameField(string expected, string actual) =>
        expected == actual
        || (double.TryParse(expected, CultureInfo.InvariantCulture, out double a) && double.TryParse(actual, CultureInfo.InvariantCulture, out double b)
            && Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)));

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
