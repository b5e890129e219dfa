using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Experiments;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Densities of samples over one axis, the first one filled.</summary>
/// <remarks>The axis holds the central 99.8 % of each sample; the note counts what lies outside, and densities are those of whole samples.</remarks>
public sealed class HistogramPlot : IFigure
{
    private const double Outside = 0.001;

    private readonly HistogramFigure _figure;

    /// <exception cref="ArgumentException">A sample's lists differ in length.</exception>
    public HistogramPlot(HistogramFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(figure.Bins, nameof(figure));
        foreach (HistogramSample sample in figure.Samples)
        {
            if (sample.Weights is { } weights && weights.Count != sample.Values.Count)
            {
                throw new ArgumentException($"Expected {sample.Values.Count} weights in '{sample.Label}', got {weights.Count}.", nameof(figure));
            }
        }

        _figure = figure;
    }

    public string Title => _figure.Title;

    public string ToSvg()
    {
        (StepHistogram[] histograms, int outside) = Histograms();
        var grid = new PanelGrid(Title, _figure.Caption, 480, 220);
        var panel = new Panel(
            Axis.Over(_figure.Label, AxisScale.Linear, histograms.SelectMany(h => h.Edges), padding: 0),
            Axis.Over("density", AxisScale.Linear, [0, .. histograms.SelectMany(h => h.Heights).Select(h => 1.05 * h)], padding: 0))
        { HasGrid = true };
        for (int i = histograms.Length - 1; i >= 0; i--)            // the first sample on top
        {
            panel.Steps(histograms[i].Edges, histograms[i].Heights, FigureStyle.Lines[i % FigureStyle.Lines.Length], i == 0 ? "f1" : null);
        }

        if (_figure.Samples.All(s => s.Values.Count == 0))
        {
            panel.Message("nothing was measured");
        }

        grid.Add(0, 0, panel);
        grid.Legend(_figure.Samples.Select((s, i) => new LegendEntry(s.Label, FigureStyle.Lines[i % FigureStyle.Lines.Length], i == 0 ? "f1" : null)));
        grid.Note(outside > 0 ? FormattableString.Invariant($"{outside} values lie outside the axis or are not finite.") : string.Empty);
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("sample", "from", "to", "density");
        StepHistogram[] histograms = Histograms().Histograms;
        for (int s = 0; s < histograms.Length; s++)
        {
            for (int i = 0; i < histograms[s].Heights.Count; i++)
            {
                csv.Row(_figure.Samples[s].Label, histograms[s].Edges[i], histograms[s].Edges[i + 1], histograms[s].Heights[i]);
            }
        }

        return csv.ToString();
    }

    private (StepHistogram[] Histograms, int Outside) Histograms()
    {
        List<double> ends = [];
        foreach (HistogramSample sample in _figure.Samples)
        {
            double[] finite = [.. sample.Values.Where(v => Axis.IsUsable(v, AxisScale.Linear))];
            if (finite.Length > 0)
            {
                var summary = WeightedSummary.Of(finite);
                ends.AddRange([summary.Quantile(Outside), summary.Quantile(1 - Outside)]);
            }
        }

        var axis = Axis.Over(_figure.Label, AxisScale.Linear, ends, padding: 0.02);
        int outside = _figure.Samples.Sum(s => s.Values.Count(v => !(v >= axis.Min && v <= axis.Max)));
        return ([.. _figure.Samples.Select(s => StepHistogram.Of(s.Values, s.Weights ?? [.. Enumerable.Repeat(1.0, s.Values.Count)], axis.Min, axis.Max, _figure.Bins))], outside);
    }
}
