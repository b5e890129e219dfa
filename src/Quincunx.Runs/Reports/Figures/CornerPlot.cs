using Quincunx.Inference.Diagnostics;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>All one- and two-dimensional marginals: histograms on the diagonal, 68 and 95 % highest-density regions below it.</summary>
/// <remarks>
/// Axes follow the posterior's central 99 % and are shared by a column; the prior is drawn as a density of its whole, so that where it is
/// wider than the axes its part outside still counts. The CSV holds the histograms and the region's borders (<c>kind</c> is <c>histogram</c>,
/// <c>region</c>, <c>point</c> or <c>truth</c>).
/// </remarks>
public sealed class CornerPlot : IFigure
{
    /// <summary>The most parameters a page can show legibly.</summary>
    public const int MostParameters = 12;

    // Fewer effective draws than this make no density: they are drawn as points.
    private const double FewestForDensity = 40;

    // Of the panel's side: a fifth of a pixel in the largest panels.
    private const double RegionTolerance = 7e-4;

    private static readonly double[] Masses = [0.95, 0.68];

    private readonly string[] _names;
    private readonly WeightedDraws[] _series;              // the posterior first, then the comparison where there is one
    private readonly WeightedDraws? _prior;
    private readonly double[]? _truth;
    private readonly Axis[] _axes;
    private readonly int _nodes;
    private readonly string _leftOut;
    private readonly Lazy<Curves[]> _regions;              // for SVG and CSV alike: nearly all of the time goes into them

    /// <param name="names">Parameter names, 1 to <see cref="MostParameters"/>, with units where there are any.</param>
    /// <param name="posterior">The draws that are reported, filled.</param>
    /// <param name="prior">Prior draws, outlined on the diagonal.</param>
    /// <param name="comparison">A second posterior to compare with, outlined; such as the network's own beside the reweighted.</param>
    /// <param name="truth">Parameter values to mark, as where the data were simulated; NaN for none in a parameter.</param>
    /// <exception cref="ArgumentException">Names, draws and truth differ in dimension.</exception>
    public CornerPlot(
        IReadOnlyList<string> names, WeightedDraws posterior, WeightedDraws? prior = null, WeightedDraws? comparison = null, IReadOnlyList<double>? truth = null)
    {
        if (names.Count is 0 or > MostParameters)
        {
            throw new ArgumentOutOfRangeException(nameof(names), names.Count, $"A corner plot shows 1 to {MostParameters} parameters.");
        }

        foreach ((int dimension, string what) in new[] { (posterior.Dimension, nameof(posterior)), (prior?.Dimension ?? names.Count, nameof(prior)),
            (comparison?.Dimension ?? names.Count, nameof(comparison)), (truth?.Count ?? names.Count, nameof(truth)) })
        {
            if (dimension != names.Count)
            {
                throw new ArgumentException($"Expected {names.Count} parameters, got {dimension}.", what);
            }
        }

        _names = [.. names];
        _series = comparison is null ? [posterior.Usable()] : [posterior.Usable(), comparison.Usable()];
        _prior = prior?.Usable();
        _truth = truth?.ToArray();
        _nodes = names.Count switch { <= 2 => 180, 3 => 120, _ => 64 };
        _axes = [.. Enumerable.Range(0, names.Count).Select(AxisOf)];
        _leftOut = LeftOut(posterior, _series[0]) + (comparison is null ? string.Empty : LeftOut(comparison, _series[1])) + (prior is null ? string.Empty : LeftOut(prior, _prior!));
        _regions = new Lazy<Curves[]>(Regions);
    }

    public string Title => $"Posterior of {_names.Length} {(_names.Length == 1 ? "parameter" : "parameters")}";

    public string ToSvg()
    {
        int d = _names.Length;
        double size = d switch { 1 => 300, 2 => 220, 3 => 180, 4 => 145, <= 6 => 115, <= 8 => 90, _ => 70 };
        var grid = new PanelGrid(Title, $"Marginal distributions of {string.Join(", ", _names)}: histograms on the diagonal, 68 and 95 % regions below it.", size, size);
        for (int row = 0; row < d; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                grid.Add(row, column, row == column ? Diagonal(row) : Pair(row, column));
            }
        }

        string regions = d == 1 ? string.Empty : " (68, 95 %)";
        grid.Legend(new LegendEntry(_series[0].Label + regions, "l1", "f1"));
        if (_series.Length > 1)
        {
            grid.Legend(new LegendEntry(_series[1].Label + regions, "l2"));
        }

        if (_prior is not null)
        {
            grid.Legend(new LegendEntry(_prior.Label, "prior"));
        }

        if (_truth is not null)
        {
            grid.Legend(new LegendEntry("true value", "truth"));
        }

        grid.Note(_leftOut.Trim());
        if (_truth is not null && Enumerable.Range(0, d).Any(i => double.IsFinite(_truth[i]) && _axes[i].Position(_truth[i]) is < 0 or > 1))
        {
            grid.Note("A true value lies outside its axis.");
        }

        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("kind", "series", "x_name", "y_name", "mass", "loop", "x", "x_end", "y");
        for (int i = 0; i < _names.Length; i++)
        {
            foreach ((string label, StepHistogram histogram) in Histograms(i))
            {
                for (int bin = 0; bin < histogram.Heights.Count; bin++)
                {
                    csv.Row("histogram", label, _names[i], null, null, null, histogram.Edges[bin], histogram.Edges[bin + 1], histogram.Heights[bin]);
                }
            }

            if (_truth is not null && double.IsFinite(_truth[i]))
            {
                csv.Row("truth", "true value", _names[i], null, null, null, _truth[i], null, null);
            }
        }

        for (int row = 1; row < _names.Length; row++)
        {
            for (int column = 0; column < row; column++)
            {
                for (int i = 0; i < _series.Length; i++)
                {
                    Pair(csv, i, row, column);
                }
            }
        }

        return csv.ToString();
    }

    private static string LeftOut(WeightedDraws all, WeightedDraws usable)
    {
        int missing = all.Count - usable.Count - all.Weights.Count(w => w == 0);
        return missing > 0 ? FormattableString.Invariant($" Left out: {missing} of {all.Count} {all.Label} draws that are not finite.") : string.Empty;
    }

    private static bool HasDensity(WeightedDraws draws) => draws.Count > 0 && WeightedSummary.EffectiveSize(draws.Weights) >= FewestForDensity;

    private Axis AxisOf(int parameter)
    {
        if (_series[0].Count == 0)
        {
            return Axis.Over(_names[parameter], AxisScale.Linear, _truth is null ? [] : [_truth[parameter]]);
        }

        var summary = WeightedSummary.Of(_series[0].Column(parameter), _series[0].Weights);
        double low = summary.Quantile(0.005), high = summary.Quantile(0.995), span = high - low;
        List<double> ends = [low - (0.12 * span), high + (0.12 * span)];

        // A comparison or a truth elsewhere is worth some room, but not at the cost of the posterior: half its width on either side.
        if (_series.Length > 1 && _series[1].Count > 0)
        {
            var other = WeightedSummary.Of(_series[1].Column(parameter), _series[1].Weights);
            ends.Add(Math.Max(other.Quantile(0.025), low - (0.5 * span)));
            ends.Add(Math.Min(other.Quantile(0.975), high + (0.5 * span)));
        }

        if (_truth is not null && _truth[parameter] >= low - (2 * span) && _truth[parameter] <= high + (2 * span))
        {
            ends.Add(_truth[parameter] - (0.1 * span));
            ends.Add(_truth[parameter] + (0.1 * span));
        }

        return Axis.Over(_names[parameter], AxisScale.Linear, ends, padding: 0);
    }

    private IEnumerable<(string Label, StepHistogram Histogram)> Histograms(int parameter)
    {
        foreach (WeightedDraws? draws in (WeightedDraws?[])[.. _series, _prior])
        {
            if (draws?.Count > 0)
            {
                double effective = WeightedSummary.EffectiveSize(draws.Weights);
                int bins = (int)Math.Clamp(2 * Math.Cbrt(effective), 8, _names.Length <= 4 ? 40 : 28);
                yield return (draws.Label, StepHistogram.Of(draws.Column(parameter), draws.Weights, _axes[parameter].Min, _axes[parameter].Max, bins));
            }
        }
    }

    private Panel Diagonal(int parameter)
    {
        (string Label, StepHistogram Histogram)[] histograms = [.. Histograms(parameter)];
        double top = histograms.SelectMany(h => h.Histogram.Heights).Append(0).Max();
        var panel = new Panel(_axes[parameter], Axis.Over(string.Empty, AxisScale.Linear, [0, top * 1.06], padding: 0))
        {
            ShowsXTicks = parameter == _names.Length - 1,
            ShowsYTicks = false,
        };
        if (histograms.Length == 0)
        {
            panel.Message("no draws");
        }

        bool hasPrior = _prior?.Count > 0;
        for (int i = 0; i < histograms.Length; i++)
        {
            bool isPrior = hasPrior && i == histograms.Length - 1, isFirst = i == 0 && _series[0].Count > 0 && !isPrior;
            panel.Steps(histograms[i].Histogram.Edges, histograms[i].Histogram.Heights, isPrior ? "prior" : isFirst ? "l1" : "l2", isFirst ? "f1" : null);
        }

        if (_truth is not null)
        {
            panel.VerticalLine(_truth[parameter], "truth");
        }

        return panel;
    }

    private Panel Pair(int row, int column)
    {
        var panel = new Panel(_axes[column], _axes[row]) { ShowsXTicks = row == _names.Length - 1, ShowsYTicks = column == 0 };
        for (int i = 0; i < _series.Length; i++)
        {
            if (!HasDensity(_series[i]))
            {
                panel.Points(_series[i].Column(column), _series[i].Column(row), i == 0 ? "p1" : "p2", radius: 1.6);
                continue;
            }

            for (int m = 0; m < Masses.Length; m++)
            {
                IReadOnlyList<IReadOnlyList<(double X, double Y)>> loops = _regions.Value[RegionIndex(i, row, column)].Loops[m];
                if (i == 0)
                {
                    panel.Loops(loops, m == 0 ? "f1" : "f2");
                }

                panel.Loops(loops, i == 0 ? "l1 thin" : "l2 thin");
            }
        }

        if (_truth is not null)
        {
            panel.VerticalLine(_truth[column], "truth");
            panel.HorizontalLine(_truth[row], "truth");
        }

        return panel;
    }

    private void Pair(CsvText csv, int series, int row, int column)
    {
        WeightedDraws draws = _series[series];
        if (!HasDensity(draws))
        {
            foreach ((double x, double y) in draws.Column(column).Zip(draws.Column(row)))
            {
                csv.Row("point", draws.Label, _names[column], _names[row], null, null, x, null, y);
            }

            return;
        }

        for (int m = 0; m < Masses.Length; m++)
        {
            int loop = 0;
            foreach (IReadOnlyList<(double X, double Y)> points in _regions.Value[RegionIndex(series, row, column)].Loops[m])
            {
                loop++;
                foreach ((double x, double y) in points)
                {
                    csv.Row("region", draws.Label, _names[column], _names[row], Masses[m], loop, x, null, y);
                }
            }
        }
    }

    private int RegionIndex(int series, int row, int column) => (((series * _names.Length) + row) * _names.Length) + column;

    private Curves[] Regions()
    {
        int d = _names.Length;
        var regions = new Curves[_series.Length * d * d];
        Parallel.For(0, regions.Length, index =>
        {
            int column = index % d, row = index / d % d;
            WeightedDraws draws = _series[index / (d * d)];
            if (column < row && HasDensity(draws))
            {
                DensityGrid density = Density(draws, row, column);
                regions[index] = new Curves([.. Masses.Select(m => DataLoops(density.Loops(density.Level(m)), row, column))]);
            }
        });
        return regions;
    }

    private DensityGrid Density(WeightedDraws draws, int row, int column) => DensityGrid.Estimate(
        [.. draws.Column(column).Select(_axes[column].Position)], [.. draws.Column(row).Select(_axes[row].Position)], draws.Weights, _nodes);

    private List<IReadOnlyList<(double X, double Y)>> DataLoops(IReadOnlyList<IReadOnlyList<(double X, double Y)>> loops, int row, int column)
    {
        Axis x = _axes[column], y = _axes[row];
        return [.. loops.Select(l => (IReadOnlyList<(double X, double Y)>)
            [.. PathSimplifier.Simplify(l, RegionTolerance).Select(p => (x.Min + (p.X * (x.Max - x.Min)), y.Min + (p.Y * (y.Max - y.Min))))])];
    }

    /// <summary>The borders of the regions of each mass.</summary>
    private readonly record struct Curves(List<IReadOnlyList<(double X, double Y)>>[] Loops);
}
