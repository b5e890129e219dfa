using Quincunx.Inference.Diagnostics;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Simulation-based calibration: for each parameter the histogram of ranks and the difference of their distribution function from uniform.</summary>
/// <remarks>
/// Talts et al. 2018 (arXiv:1804.06788) and Säilynoja, Bürkner and Vehtari 2022. Both bands are simultaneous within a panel, not pointwise: a calibrated
/// parameter leaves its histogram's band in at most 5 % of cases (binomial intervals at Bonferroni's level), and its curve's band in at
/// most 5 % (<see cref="EcdfBand"/>). Across panels they are not adjusted.
/// </remarks>
public sealed class CalibrationPlot : IFigure
{
    private const double Confidence = 0.95;
    private const int MostColumns = 4, MostPoints = 40;

    private readonly string[] _names;
    private readonly int[] _ranks;
    private readonly int _draws, _simulations;
    private readonly int[] _binStarts;                     // first rank of each bin, and one past the last rank

    /// <param name="names">One for each parameter.</param>
    /// <param name="ranks">Shape <c>[simulations, parameters]</c>, row by row: how many of the posterior draws lie below the truth.</param>
    /// <param name="draws">Posterior draws per simulation: ranks run from 0 to this number.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or a rank is out of range.</exception>
    public CalibrationPlot(IReadOnlyList<string> names, ReadOnlySpan<int> ranks, int draws)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        if (names.Count == 0 || ranks.Length % names.Count != 0)
        {
            throw new ArgumentException($"Expected a multiple of {names.Count} ranks, got {ranks.Length}.", nameof(ranks));
        }

        foreach (int rank in ranks)
        {
            if (rank < 0 || rank > draws)
            {
                throw new ArgumentException($"Expected ranks from 0 to {draws}, got {rank}.", nameof(ranks));
            }
        }

        (_names, _ranks, _draws, _simulations) = ([.. names], ranks.ToArray(), draws, ranks.Length / names.Count);

        // About 20 expected in a bin makes binomial intervals useful; whole ranks make bins unequal by one rank at most.
        int bins = Math.Min(Math.Clamp(_simulations / 20, 5, 20), draws + 1);
        _binStarts = Cuts(bins);
    }

    public string Title => "Simulation-based calibration";

    public string ToSvg()
    {
        int columns = Math.Min(_names.Length, MostColumns);
        (double width, double height) = columns switch { 1 => (360.0, 180.0), 2 => (300, 150), 3 => (210, 120), _ => (165, 100) };
        var grid = new PanelGrid(Title, $"Rank histograms and distribution functions for {string.Join(", ", _names)}, with 95 % bands.", width, height);
        (double[] low, double[] high) = HistogramBand();
        (double[] points, double[] curveLow, double[] curveHigh) = CurveBand();
        for (int i = 0; i < _names.Length; i++)
        {
            int block = 2 * (i / columns), column = i % columns;
            grid.Add(block, column, HistogramPanel(i, low, high, column == 0));
            grid.Add(block + 1, column, CurvePanel(i, points, curveLow, curveHigh, column == 0));
        }

        grid.Legend(new LegendEntry("ranks", "l1"), new LegendEntry("95 % band, simultaneous within a panel", Fill: "fband"), new LegendEntry("uniform", "ref"));
        grid.Note(FormattableString.Invariant($"{_simulations} simulations, {_draws} posterior draws each. Upper panels: counts over their expectation; lower: distribution function minus uniform."));
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("kind", "parameter", "rank_share_low", "rank_share_high", "value", "band_low", "band_high");
        (double[] low, double[] high) = HistogramBand();
        (double[] points, double[] curveLow, double[] curveHigh) = CurveBand();
        for (int i = 0; i < _names.Length; i++)
        {
            (double[] edges, double[] ratio) = Ratio(i);
            for (int bin = 0; bin < ratio.Length; bin++)
            {
                csv.Row("histogram", _names[i], edges[bin], edges[bin + 1], ratio[bin], low[bin], high[bin]);
            }

            double[] difference = Difference(i);
            for (int p = 0; p < difference.Length; p++)
            {
                csv.Row("ecdf_difference", _names[i], null, points[p], difference[p], curveLow[p], curveHigh[p]);
            }
        }

        return csv.ToString();
    }

    // Whole ranks nearest to equal shares of the draws + 1 possible ones.
    private int[] Cuts(int pieces) => [.. Enumerable.Range(0, pieces + 1).Select(i => (int)((((long)i * (_draws + 1)) + (pieces / 2)) / pieces)).Distinct()];

    private double Share(int rank) => rank / (_draws + 1.0);

    private (double[] Low, double[] High) HistogramBand()
    {
        int bins = _binStarts.Length - 1;
        double[] low = new double[bins], high = new double[bins];
        for (int i = 0; i < bins && _simulations > 0; i++)
        {
            // The band at one point is the binomial interval of the count below it, and a bin's count has the law of that.
            double share = Share(_binStarts[i + 1]) - Share(_binStarts[i]);
            EcdfBand interval = EcdfBand.Simultaneous(_simulations, [share], 1 - ((1 - Confidence) / bins));
            (low[i], high[i]) = (interval.Lower[0] / share, interval.Upper[0] / share);
        }

        return (low, high);
    }

    private (double[] Points, double[] Low, double[] High) CurveBand()
    {
        double[] inner = [.. CurveCuts().Select(Share)];
        if (_simulations == 0 || inner.Length == 0)
        {
            return ([0, 1], [0, 0], [0, 0]);
        }

        EcdfBand band = EcdfBand.Simultaneous(_simulations, inner, Confidence);
        return ([0, .. inner, 1], [0, .. band.Lower.Select((v, i) => v - inner[i]), 0], [0, .. band.Upper.Select((v, i) => v - inner[i]), 0]);
    }

    private int[] CurveCuts()
    {
        int[] cuts = Cuts(Math.Min(MostPoints, _draws + 1));
        return cuts[1..^1];
    }

    private (double[] Edges, double[] Ratio) Ratio(int parameter)
    {
        double[] ratio = new double[_binStarts.Length - 1];
        for (int s = 0; s < _simulations; s++)
        {
            int bin = Array.BinarySearch(_binStarts, _ranks[(s * _names.Length) + parameter]);
            ratio[bin >= 0 ? bin : ~bin - 1]++;
        }

        for (int i = 0; i < ratio.Length && _simulations > 0; i++)
        {
            ratio[i] /= _simulations * (Share(_binStarts[i + 1]) - Share(_binStarts[i]));
        }

        return ([.. _binStarts.Select(Share)], ratio);
    }

    private double[] Difference(int parameter)
    {
        int[] sorted = [.. Enumerable.Range(0, _simulations).Select(s => _ranks[(s * _names.Length) + parameter]).Order()];
        List<double> difference = [0];
        int below = 0;
        foreach (int cut in _simulations == 0 ? [] : CurveCuts())
        {
            while (below < sorted.Length && sorted[below] < cut)
            {
                below++;
            }

            difference.Add((below / (double)_simulations) - Share(cut));
        }

        return [.. difference, 0];
    }

    private Panel HistogramPanel(int parameter, double[] low, double[] high, bool isFirst)
    {
        (double[] edges, double[] ratio) = Ratio(parameter);
        IEnumerable<double> all = Enumerable.Range(0, _names.Length).SelectMany(i => Ratio(i).Ratio).Concat(high).Append(1);
        var panel = new Panel(Unit(string.Empty), Axis.Over("count ratio", AxisScale.Linear, [0, all.Max() * 1.08], padding: 0))
        {
            Heading = _names[parameter],
            ShowsXTicks = false,
            ShowsYTicks = isFirst,
        };
        if (_simulations == 0)
        {
            panel.Message("no simulations");
            return panel;
        }

        (double[] x, double[] bandLow) = Stairs(edges, low);
        panel.Band(x, bandLow, Stairs(edges, high).Ys, "fband");
        panel.HorizontalLine(1, "ref");
        panel.Steps(edges, ratio, "l1", null);
        return panel;
    }

    private Panel CurvePanel(int parameter, double[] points, double[] low, double[] high, bool isFirst)
    {
        IEnumerable<double> all = Enumerable.Range(0, _names.Length).SelectMany(Difference).Concat(low).Concat(high).Select(Math.Abs);
        double reach = Math.Max(all.Max() * 1.1, 1e-3);
        var panel = new Panel(Unit("rank / draws"), Axis.Over("ECDF − uniform", AxisScale.Linear, [-reach, reach], padding: 0)) { ShowsYTicks = isFirst };
        if (_simulations == 0)
        {
            return panel;
        }

        panel.Band(points, low, high, "fband");
        panel.HorizontalLine(0, "ref");
        panel.Line(points, Difference(parameter), "l1");
        return panel;
    }

    private static Axis Unit(string label) => Axis.Over(label, AxisScale.Linear, [0, 1], padding: 0);

    private static (double[] Xs, double[] Ys) Stairs(double[] edges, double[] heights) => (
        [.. heights.SelectMany((_, i) => new[] { edges[i], edges[i + 1] })], [.. heights.SelectMany(h => new[] { h, h })]);
}
