using Quincunx.Inference.Diagnostics;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Expected coverage: the share of simulations whose credible region held the truth, against the region's credibility.</summary>
/// <remarks>
/// Hermans et al. 2022 (arXiv:2110.06581). Above the diagonal the posterior is too wide, below it too narrow. The band is simultaneous, over the levels
/// of the first curve: a calibrated posterior's whole curve lies inside with 95 % (<see cref="EcdfBand"/>; coverage is the distribution
/// function of the smallest level whose region holds the truth, which is then uniform).
/// </remarks>
public sealed class CoveragePlot : IFigure
{
    private readonly CoverageCurve[] _curves;
    private readonly int _simulations;

    /// <param name="curves">The curve that matters most first.</param>
    /// <param name="simulations">How many were tested; 0 leaves the band out.</param>
    /// <exception cref="ArgumentException">A curve's lists differ in length.</exception>
    public CoveragePlot(IReadOnlyList<CoverageCurve> curves, int simulations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(simulations);
        foreach (CoverageCurve curve in curves)
        {
            if (curve.Nominal.Count != curve.Empirical.Count)
            {
                throw new ArgumentException($"Expected {curve.Nominal.Count} empirical coverages in '{curve.Label}', got {curve.Empirical.Count}.", nameof(curves));
            }
        }

        _curves = [.. curves.Select(c => c with { Nominal = [.. c.Nominal], Empirical = [.. c.Empirical] })];
        _simulations = simulations;
    }

    public string Title => "Expected coverage of credible regions";

    public string ToSvg()
    {
        var grid = new PanelGrid(Title, "Empirical against nominal coverage, with the diagonal of a calibrated posterior and its 95 % band.", 300, 300);
        var panel = new Panel(
            Axis.Over("credibility of the region", AxisScale.Linear, [0, 1], padding: 0),
            Axis.Over("share of simulations inside", AxisScale.Linear, [0, 1], padding: 0))
        { HasGrid = true };
        (double[] levels, double[] low, double[] high) = Band();
        if (levels.Length > 0)
        {
            panel.Band([0, .. levels, 1], [0, .. low, 1], [0, .. high, 1], "fband");
        }

        panel.Line([0, 1], [0, 1], "ref");
        for (int i = _curves.Length - 1; i >= 0; i--)          // the first curve on top
        {
            panel.Line(_curves[i].Nominal, _curves[i].Empirical, Style(i));
        }

        if (_curves.All(c => c.Nominal.Count == 0))
        {
            panel.Message("no coverage was computed");
        }

        grid.Add(0, 0, panel);
        grid.Legend(_curves.Select((c, i) => new LegendEntry(c.Label, Style(i))));
        grid.Legend(new LegendEntry("calibrated", "ref"));
        if (levels.Length > 0)
        {
            grid.Legend(new LegendEntry("95 % band, simultaneous", Fill: "fband"));
        }

        grid.Note(FormattableString.Invariant($"{_simulations} simulations. Above the diagonal: too wide; below: too narrow."));
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("curve", "nominal", "empirical", "band_low", "band_high");
        (double[] levels, double[] low, double[] high) = Band();
        foreach (CoverageCurve curve in _curves)
        {
            for (int i = 0; i < curve.Nominal.Count; i++)
            {
                int at = Array.IndexOf(levels, curve.Nominal[i]);
                csv.Row(curve.Label, curve.Nominal[i], curve.Empirical[i], at < 0 ? null : low[at], at < 0 ? null : high[at]);
            }
        }

        return csv.ToString();
    }

    private static string Style(int curve) => FigureStyle.Lines[curve % FigureStyle.Lines.Length];

    private (double[] Levels, double[] Low, double[] High) Band()
    {
        double[] levels = _curves.Length == 0 ? [] : [.. _curves[0].Nominal.Where(v => v is > 0 and < 1).Distinct().Order()];
        if (_simulations == 0 || levels.Length == 0)
        {
            return ([], [], []);
        }

        EcdfBand band = EcdfBand.Simultaneous(_simulations, levels, 0.95);
        return (levels, [.. band.Lower], [.. band.Upper]);
    }
}
