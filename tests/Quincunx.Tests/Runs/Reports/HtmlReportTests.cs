using System.Text.RegularExpressions;
using System.Xml.Linq;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Reports.Figures;
using Quincunx.Tests.Golden;

namespace Quincunx.Tests.Runs.Reports;

public sealed partial class HtmlReportTests
{
    private const string Attack = "<script>alert('x')</script> & \"q\" \u0002";

    [Fact]
    public void Render_OrdinaryContent_IsTheApprovedPage() =>
        GoldenFile.AssertMatches("report.html", Content("lynx and hare", "12.3 s").Render());

    [Fact]
    public void Render_OnlyVolatileTextDiffers_PagesAgreeWhenMasked()
    {
        string one = Content("t", "12.3 s").Render(), other = Content("t", "45.6 s").Render();
        Assert.NotEqual(one, other);
        Assert.Equal(Masked(one), Masked(other));
        Assert.DoesNotContain("12.3", Masked(one), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MarkupInEveryText_IsShownNotObeyed()
    {
        var content = new ReportContent
        {
            Title = Attack,
            Subtitle = Attack,
            Verdict = new ReportVerdict(VerdictLevel.Caution, [Attack], [Attack]),
            Sections =
            [
                new ReportSection(Attack,
                [
                    new ReportParagraph(Attack), new ReportWarning(Attack), new ReportCode(Attack + "\n" + Attack), new ReportFacts([(Attack, Attack)]),
                    new ReportTable { Caption = Attack, Header = [Attack], Rows = [[Attack]] },
                    new ReportFigure(new CoveragePlot([new CoverageCurve(Attack, [0, 1], [0, 1])], 5), Attack, "figures/\"><script>.csv"),
                ]),
            ],
        };
        string html = content.Render();

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u0002', html);

        // Every text of the content stands in the page once it is parsed: as text, with the forbidden character replaced.
        string shown = Attack.Replace('\u0002', '\uFFFD');
        XElement body = Parsed(html);
        Assert.All(
            new[] { "h1", "li", "dt", "dd", "caption", "th", "figcaption" },
            name => Assert.Contains(body.Descendants(), e => e.Name.LocalName == name && e.Value.Contains(shown, StringComparison.Ordinal)));
        Assert.Equal(shown + "\n" + shown, body.Descendants().Single(e => e.Name.LocalName == "pre").Value);
    }

    [Theory]
    [InlineData(VerdictLevel.Trusted, "✓ Trusted")]
    [InlineData(VerdictLevel.Caution, "⚠ Caution")]
    [InlineData(VerdictLevel.DoNotTrust, "✗ Do not trust")]
    public void Render_EachVerdict_IsTheFirstThingAfterTheTitle(VerdictLevel level, string words)
    {
        string html = (Content("t", "1 s") with { Verdict = new ReportVerdict(level, ["Efficiency is 0.1 %."], []) }).Render();
        XElement main = Parsed(html).Descendants().Single(e => e.Name.LocalName == "main");
        XElement first = main.Elements().First(e => e.Name.LocalName == "section");
        Assert.StartsWith(words, first.Elements().First().Value, StringComparison.Ordinal);
        Assert.Contains("Efficiency is 0.1 %.", first.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TheWholePage_NeedsNoOtherFile()
    {
        string html = Content("t", "1 s").Render();
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" src=", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Render_RowOfAnotherLength_Throws()
    {
        var table = new ReportTable { Header = ["a", "b"], Rows = [["1"]] };
        ReportContent content = Content("t", "1 s") with { Sections = [new ReportSection("s", [table])] };
        Assert.Throws<InvalidOperationException>(content.Render);
    }

    [Theory]
    [InlineData(0.5471234, 0.0631, "0.5471")]
    [InlineData(34.0512, 2.94, "34.05")]
    [InlineData(-0.0278123, 0.0042, "−0.02781")]
    [InlineData(123456, 7890, "123456")]
    [InlineData(1.5e-7, 2e-8, "1.500e−7")]
    [InlineData(-3.2e9, 4e7, "−3.2000e9")]
    [InlineData(3, 0, "3.000")]
    [InlineData(0, 0, "0.000")]
    [InlineData(-0.00001, 1, "0.00")]
    [InlineData(double.NaN, 1, "–")]
    [InlineData(double.NegativeInfinity, 1, "−∞")]
    [InlineData(1e-300, 1e-301, "1.000e−300")]
    public void Format_ShowsThreeDigitsOfTheSpread(double value, double spread, string expected) =>
        Assert.Equal(expected, ParameterTable.Format(value, spread));

    [Fact]
    public void ParameterTable_TwoKindsOfDraws_StandSideBySideAndSayWhichIsReported()
    {
        ReportTable table = ParameterTable.Create(["alpha"], new WeightedDraws("reweighted", 1, [0, 4], [1, 3]), new WeightedDraws("network", 1, [1, 2, 3, 4, 5]));
        Assert.Contains("Reported: reweighted (bold)", table.Caption, StringComparison.Ordinal);
        Assert.Equal([0], table.Emphasised);
        Assert.Equal(["alpha", "reweighted", "3.00", "2.83"], table.Rows[0].Take(4).Select(c => c.Text));
        Assert.Equal(["", "network", "3.00", "1.58", "1.00", "1.30", "3.00", "4.70", "5.00", "5"], table.Rows[1].Select(c => c.Text));
    }

    [Fact]
    public void ParameterTable_NoDraws_ShowsDashes() =>
        Assert.All(ParameterTable.Create(["a"], new WeightedDraws("none", 1, [])).Rows[0].Skip(1), c => Assert.Equal("–", c.Text));

    private static ReportContent Content(string title, string seconds) => new()
    {
        Title = title,
        Subtitle = "Eight parameters from 21 years of pelts.",
        Verdict = new ReportVerdict(VerdictLevel.Caution, ["The importance efficiency is 1.2 %, below 2 %."], ["calibration", "coverage"]),
        Sections =
        [
            new ReportSection("Parameters",
            [
                new ReportWarning("3 % of the simulations failed: the posterior is conditional on success."),
                ParameterTable.Create(["alpha", "beta"], new WeightedDraws("reweighted", 2, [0, 1, 4, 2, 3, 3], [1, 3, 2]), new WeightedDraws("network", 2, [1, 2, 3, 4, 5, 7])),
                new ReportFigure(FigureCases.Get("coverage"), "Coverage of the joint regions.", "figures/coverage.csv"),
            ]),
            new ReportSection("Cost",
            [
                new ReportFacts([("Simulations", "60000"), ("Training", ReportText.Volatile(seconds))]),
                new ReportParagraph("To reproduce, run:"),
                new ReportCode("quincunx run studies/lynx-hare --seed 1"),
            ]),
        ],
    };

    // The page is kept well-formed as XML too, so that it can be checked with a parser that forgives nothing.
    private static XElement Parsed(string html) => XDocument.Parse(html.Replace("<!DOCTYPE html>", string.Empty).Replace(" data-volatile>", " data-volatile=\"\">")).Root!;

    private static string Masked(string html) => VolatileElement().Replace(html, "${tag}<");

    [GeneratedRegex("(?<tag><[a-z]+[^<>]* data-volatile>)[^<]*<", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VolatileElement();
}
