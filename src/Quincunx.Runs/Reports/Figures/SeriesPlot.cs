using Quincunx.Inference.Experiments;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Panels of curves and points.</summary>
public sealed class SeriesPlot : IFigure
{
    private const int MostColumns = 3, FewPoints = 60;

    private readonly SeriesFigure _figure;
    private readonly string[] _lines, _points, _dots;

    /// <exception cref="ArgumentException">A curve's lists differ in length.</exception>
    public SeriesPlot(SeriesFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        _figure = figure;
        foreach (SeriesCurve curve in Curves)
        {
            if (curve.X.Count != curve.Y.Count || (curve.Error is { } error && error.Count != curve.X.Count))
            {
                throw new ArgumentException($"Expected {curve.X.Count} values and bars in '{curve.Label}', got {curve.Y.Count} and {curve.Error?.Count ?? 0}.", nameof(figure));
            }
        }

        _lines = [.. Curves.Where(c => c.Style == CurveStyle.Line).Select(c => c.Label).Distinct(StringComparer.Ordinal)];
        _points = [.. Curves.Where(c => c.Style == CurveStyle.Points).Select(c => c.Label).Distinct(StringComparer.Ordinal)];
        _dots = _lines.Length > 0 ? ["dot", "p2", "p1"] : ["p1", "p2", "dot"];          // not in the colour of a line
    }

    public string Title => _figure.Title;

    private IEnumerable<SeriesCurve> Curves => _figure.Panels.SelectMany(p => p.Curves);

    public string ToSvg()
    {
        int columns = Math.Clamp(_figure.Panels.Count, 1, MostColumns);
        (double width, double height) = columns switch { 1 => (480.0, 240.0), 2 => (310, 210), _ => (205, 165) };
        if (_figure.Panels.Any(p => p.IsPlane))
        {
            width = height = columns switch { 1 => 320, 2 => 280, _ => 205 };
        }

        var grid = new PanelGrid(Title, _figure.Caption, width, height);
        for (int i = 0; i < _figure.Panels.Count; i++)
        {
            grid.Add(i / columns, i % columns, Draw(_figure.Panels[i]));
        }

        if (_figure.Panels.Count == 0)
        {
            var empty = new Panel(Axis.Over(string.Empty, AxisScale.Linear, []), Axis.Over(string.Empty, AxisScale.Linear, []));
            empty.Message("nothing was measured");
            grid.Add(0, 0, empty);
        }

        foreach (SeriesCurve curve in Curves.DistinctBy(c => (c.Label, c.Style)))
        {
            grid.Legend(curve.Style == CurveStyle.Points ? new LegendEntry(curve.Label, Dot: StyleOf(curve)) : new LegendEntry(curve.Label, StyleOf(curve)));
        }

        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("panel", "curve", "x", "y", "error");
        for (int p = 0; p < _figure.Panels.Count; p++)
        {
            SeriesPanel panel = _figure.Panels[p];
            string name = panel.Heading.Length > 0 ? panel.Heading : FormattableString.Invariant($"{p + 1}");
            foreach (SeriesCurve curve in panel.Curves)
            {
                for (int i = 0; i < curve.X.Count; i++)
                {
                    csv.Row(name, curve.Label, curve.X[i], curve.Y[i], curve.Error?[i]);
                }
            }
        }

        return csv.ToString();
    }

    private Panel Draw(SeriesPanel source)
    {
        (Axis across, Axis along) = Axes(source);
        var panel = new Panel(across, along) { Heading = source.Heading, HasGrid = !source.IsPlane };
        foreach (SeriesCurve curve in source.Curves.Reverse())          // the first curve on top
        {
            if (curve.Style == CurveStyle.Points)
            {
                double radius = curve.X.Count > FewPoints ? 1.2 : 2.4;
                panel.Points(
                    curve.X, curve.Y, StyleOf(curve), radius,
                    curve.Error is { } error ? [.. curve.Y.Zip(error, (y, e) => y - e)] : null, curve.Error is { } same ? [.. curve.Y.Zip(same, (y, e) => y + e)] : null);
            }
            else
            {
                panel.Line(curve.X, curve.Y, StyleOf(curve));
            }
        }

        if (source.Curves.All(c => c.X.Count == 0))
        {
            panel.Message("nothing was measured");
        }

        return panel;
    }

    private static (Axis Across, Axis Along) Axes(SeriesPanel panel)
    {
        AxisScale scale = panel.IsLogarithmic ? AxisScale.Logarithmic : AxisScale.Linear;
        IEnumerable<double> xs = panel.Curves.SelectMany(c => c.X);
        IEnumerable<double> ys = panel.Curves.SelectMany(c => c.Error is { } error ? c.Y.Concat(c.Y.Zip(error, (y, e) => y - e)).Concat(c.Y.Zip(error, (y, e) => y + e)) : c.Y);
        var across = Axis.Over(panel.XLabel, AxisScale.Linear, xs, padding: panel.IsPlane ? 0.05 : 0.02);
        var along = Axis.Over(panel.YLabel, scale, ys);
        if (!panel.IsPlane || panel.IsLogarithmic)
        {
            return (across, along);
        }

        // Panels of planes are square, so that equal spans make equal units.
        double half = Math.Max(across.Max - across.Min, along.Max - along.Min) / 2;
        Axis Widened(Axis axis) => Axis.Over(axis.Label, AxisScale.Linear, [((axis.Min + axis.Max) / 2) - half, ((axis.Min + axis.Max) / 2) + half], padding: 0);
        return (Widened(across), Widened(along));
    }

    private string StyleOf(SeriesCurve curve) => curve.Style switch
    {
        CurveStyle.Reference => "ref",
        CurveStyle.Points => _dots[Array.IndexOf(_points, curve.Label) % _dots.Length],
        _ => FigureStyle.Lines[Array.IndexOf(_lines, curve.Label) % FigureStyle.Lines.Length],
    };
}
