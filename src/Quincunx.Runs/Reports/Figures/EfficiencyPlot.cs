using Quincunx.Inference.Importance;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>The effective share of draws against their number: whether an efficiency is that of a longer run too.</summary>
public sealed class EfficiencyPlot(EfficiencyCurve curve) : IFigure
{
    public string Title => "Efficiency by number of draws";

    public string ToSvg()
    {
        double[] draws = [.. curve.Points.Select(p => (double)p.Draws)], means = [.. curve.Points.Select(p => p.Mean)];
        var grid = new PanelGrid(Title, "Effective share of blocks of draws against their size, on a logarithmic axis.", 420, 200);
        var panel = new Panel(
            Axis.Over("draws in a block", AxisScale.Logarithmic, draws, padding: 0.02), Axis.Over("effective share", AxisScale.Linear, [0, 1], padding: 0.02))
        { HasGrid = true };
        panel.Band(draws, [.. curve.Points.Select(p => p.Least)], [.. curve.Points.Select(p => p.Greatest)], "f1");
        panel.Line(draws, means, "l1");
        panel.Points(draws, means, "p1");
        grid.Add(0, 0, panel);
        grid.Legend(new LegendEntry("mean over disjoint blocks", "l1"), new LegendEntry("least to greatest", Fill: "f1"));
        grid.Note(curve.Trend switch
        {
            EfficiencyTrend.Settled => "The efficiency has settled.",
            EfficiencyTrend.Falling => "The efficiency falls with the number of draws: what a short run shows is too good.",
            _ => "These draws do not tell whether the efficiency has settled.",
        });
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("draws", "blocks", "mean", "standard_deviation", "least", "greatest");
        foreach (EfficiencyPoint point in curve.Points)
        {
            csv.Row(point.Draws, point.Blocks, point.Mean, double.IsNaN(point.StandardDeviation) ? null : point.StandardDeviation, point.Least, point.Greatest);
        }

        return csv.ToString();
    }
}
