using Quincunx.Inference.Diagnostics;
using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Runs.Benchmarks;

/// <summary>The error of log r by runs of the simulator, a panel for each method, beside published errors and the error of log r = 0 everywhere.</summary>
/// <param name="rows">In the order of the panels.</param>
/// <param name="published">By method and runs; may be empty.</param>
/// <param name="blind">See <see cref="GaltonBench.Blind"/>.</param>
internal sealed class GaltonFigure(IReadOnlyList<GaltonRow> rows, IReadOnlyDictionary<(string Method, long Runs), double> published, double blind) : IFigure
{
    private const int MostColumns = 4;
    private const double Half = 0.5;

    public string Title => "Error of the log-ratio on the generalized Galton board";

    public string ToSvg()
    {
        string[] methods = [.. rows.Select(r => r.Method).Distinct()];
        int columns = Math.Clamp(methods.Length, 1, MostColumns);
        var grid = new PanelGrid(Title, "Mean squared error of log r against runs of the simulator, by method; both axes logarithmic.", 160, 170);

        // One range for all, so that panels are compared by height.
        double[] runs = [.. rows.Select(r => (double)r.Runs).Distinct().Order()];
        double[] errors = [.. rows.Select(r => r.MseLogR), .. published.Where(p => methods.Contains(p.Key.Method)).Select(p => p.Value), blind];
        for (int i = 0; i < methods.Length; i++)
        {
            bool isFirst = i % columns == 0, isLast = i + columns >= methods.Length;
            var panel = new Panel(
                Axis.Over(isLast ? "runs" : string.Empty, AxisScale.Logarithmic, runs, padding: 0.08),
                Axis.Over(isFirst ? "mean (log r̂ − log r)²" : string.Empty, AxisScale.Logarithmic, errors))
            { Heading = methods[i], HasGrid = true, ShowsXTicks = isLast, ShowsYTicks = isFirst };
            Draw(panel, methods[i], runs);
            grid.Add(i / columns, i % columns, panel);
        }

        grid.Legend(
            new LegendEntry("median of seeds, least and most", "l1", Dot: "p1"), new LegendEntry("published", "l2", Dot: "p2"), new LegendEntry("log r = 0 everywhere", "ref"));
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("method", "runs", "seed", "mse_log_r", "published");
        foreach (GaltonRow row in rows)
        {
            csv.Row(row.Method, row.Runs, (double)row.Seed, row.MseLogR, published.TryGetValue((row.Method, row.Runs), out double error) ? error : null);
        }

        return csv.ToString();
    }

    private void Draw(Panel panel, string method, double[] runs)
    {
        panel.HorizontalLine(blind, "ref");
        double[] told = [.. runs.Where(r => published.ContainsKey((method, (long)r)))];
        double[] errors = [.. told.Select(r => published[(method, (long)r)])];
        panel.Line(told, errors, "l2");
        panel.Points(told, errors, "p2");

        WeightedSummary[] ours = [.. runs.Select(r => WeightedSummary.Of([.. rows.Where(w => w.Method == method && w.Runs == r).Select(w => w.MseLogR)]))];
        double[] medians = [.. ours.Select(o => o.Quantile(Half))];
        panel.Line(runs, medians, "l1");
        panel.Points(runs, medians, "p1", low: [.. ours.Select(o => o.Quantile(0))], high: [.. ours.Select(o => o.Quantile(1))]);
    }
}
