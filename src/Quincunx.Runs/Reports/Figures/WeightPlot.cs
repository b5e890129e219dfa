using Quincunx.Inference.Importance;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Importance weights: the histogram of their logarithms, and their tail with the fitted Pareto distribution.</summary>
/// <remarks>Weights are shown relative to their mean, so that 1 is a draw that counts once. Draws of weight zero are counted in the note.</remarks>
public sealed class WeightPlot : IFigure
{
    private const int TailPoints = 160;

    // Of the mean weight, in decades: what is smaller counts for nothing, and would squeeze the rest.
    private const double LowestDecade = -8;

    private readonly double[] _relative;                   // weights over their mean, ascending, positive ones only
    private readonly int _count, _zeros, _broken;
    private readonly double _efficiency;
    private readonly ParetoTail? _tail;

    /// <param name="logWeights">Natural logarithms, up to a common constant; −∞ is a weight of zero, and so, as in <see cref="ImportanceWeights"/>, are NaN and +∞.</param>
    /// <param name="tail">A fit to the largest weights, its scale that of weights of mean 1 (<see cref="ImportanceWeights.Tail"/>); null for none.</param>
    public WeightPlot(IReadOnlyList<double> logWeights, ParetoTail? tail = null)
    {
        double[] finite = [.. logWeights.Where(double.IsFinite).Order()];
        _zeros = logWeights.Count(double.IsNegativeInfinity);
        (_count, _broken, _tail) = (logWeights.Count, logWeights.Count - finite.Length - _zeros, tail);
        if (finite.Length == 0)
        {
            _relative = [];
            return;
        }

        double largest = finite[^1], sum = finite.Sum(l => Math.Exp(l - largest)), squares = finite.Sum(l => Math.Exp(2 * (l - largest)));
        double logMean = largest + Math.Log(sum / _count);
        _efficiency = sum * sum / squares / _count;
        _relative = [.. finite.Select(l => Math.Exp(l - logMean)).Where(w => w > 0)];
    }

    public string Title => "Importance weights";

    public string ToSvg()
    {
        var grid = new PanelGrid(Title, "Histogram of the log weights, and the share of draws above each weight.", 300, 220);
        Panel histogramPanel = HistogramPanel(), tailPanel = TailPanel();
        if (_relative.Length == 0)
        {
            histogramPanel.Message("no positive weight");
            tailPanel.Message("no positive weight");
        }

        grid.Add(0, 0, histogramPanel);
        grid.Add(0, 1, tailPanel);
        grid.Legend(new LegendEntry("weights", "l1", "f1"), new LegendEntry("mean weight", "ref"));
        if (_tail is not null)
        {
            grid.Legend(new LegendEntry(FormattableString.Invariant($"Pareto fit to the {_tail.Count} largest, k̂ {(double.IsFinite(_tail.Shape) ? $"= {_tail.Shape:0.00}" : "unknown")}"), "l2"));
        }

        grid.Note(FormattableString.Invariant($"{_count} draws, efficiency ESS/n = {_efficiency * 100:0.##} %."));
        int negligible = _relative.Count(w => Math.Log10(w) < LowestDecade);
        grid.Note(negligible > 0 ? FormattableString.Invariant($"Draws of less than 10⁻⁸ of the mean weight, not shown on the left: {negligible}.") : string.Empty);
        grid.Note(_zeros > 0 ? FormattableString.Invariant($"Draws of weight zero, not shown: {_zeros}.") : string.Empty);
        grid.Note(_broken > 0 ? FormattableString.Invariant($"Log weights that are NaN or +∞ and count as weight zero: {_broken}.") : string.Empty);
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("kind", "weight_low", "weight_high", "value", "pareto_fit");
        StepHistogram histogram = Histogram();
        for (int i = 0; i < histogram.Heights.Count; i++)
        {
            csv.Row("histogram", Math.Pow(10, histogram.Edges[i]), Math.Pow(10, histogram.Edges[i + 1]), histogram.Heights[i], null);
        }

        foreach ((double weight, double share) in Tail())
        {
            double fit = Fit(weight);
            csv.Row("tail", weight, null, share, double.IsNaN(fit) ? null : fit);
        }

        return csv.ToString();
    }

    // Densities over log10 of the weight. Neither the lowest thousandth nor negligible weights are allowed to stretch the axis.
    private StepHistogram Histogram()
    {
        if (_relative.Length == 0)
        {
            return new StepHistogram([], []);
        }

        double[] logs = [.. _relative.Select(Math.Log10)];
        double low = Math.Max(Math.Min(logs[logs.Length / 1000], 0), LowestDecade), high = Math.Max(logs[^1], 0);
        Axis axis = Axis.Over(string.Empty, AxisScale.Linear, [low, high], padding: 0.02);
        int bins = (int)Math.Clamp(2 * Math.Cbrt(logs.Length), 8, 50);
        return StepHistogram.Of(logs, [.. Enumerable.Repeat(1.0, logs.Length)], axis.Min, axis.Max, bins);
    }

    /// <summary>Weight and the share of draws that have at least this weight: every one of the largest, then fewer and fewer.</summary>
    private IEnumerable<(double Weight, double Share)> Tail()
    {
        int previous = 0;
        for (int i = 0; i < TailPoints && _relative.Length > 0; i++)
        {
            int rank = (int)Math.Round(Math.Exp(i / (TailPoints - 1.0) * Math.Log(_relative.Length)));
            if (rank > previous)
            {
                previous = rank;
                yield return (_relative[^rank], rank / (double)_count);
            }
        }
    }

    /// <summary>The largest weight that is not in the tail; 0 where all positive ones are, NaN where there is no fit.</summary>
    private double Threshold() =>
        _tail is null || _relative.Length == 0 || !double.IsFinite(_tail.Shape) ? double.NaN : _tail.Count < _relative.Length ? _relative[^(_tail.Count + 1)] : 0;

    private double Fit(double weight)
    {
        if (_tail is null)
        {
            return double.NaN;
        }

        double excess = weight - Threshold();
        if (!(excess >= 0) || !double.IsFinite(_tail.Shape))
        {
            return double.NaN;
        }

        // S(w) = (1 + k z)^(-1/k), with the exponential as its limit at k = 0; beyond the end of a short tail it is 0.
        double z = excess / _tail.Scale, k = _tail.Shape, factor = 1 + (k * z);
        double survival = Math.Abs(k) < 1e-8 ? Math.Exp(-z) : factor <= 0 ? 0 : Math.Pow(factor, -1 / k);
        return survival * _tail.Count / _count;
    }

    private Panel HistogramPanel()
    {
        StepHistogram histogram = Histogram();
        double top = histogram.Heights.Append(0).Max();
        var panel = new Panel(
            Axis.Over("log₁₀ weight / mean", AxisScale.Linear, histogram.Edges, padding: 0),
            Axis.Over("density", AxisScale.Linear, [0, top * 1.06], padding: 0))
        { Heading = "all draws" };
        panel.Steps(histogram.Edges, histogram.Heights, "l1", "f1");
        if (_relative.Length > 0)
        {
            panel.VerticalLine(0, "ref");
        }

        return panel;
    }

    private Panel TailPanel()
    {
        (double Weight, double Share)[] tail = [.. Tail()];
        double threshold = Threshold();

        // The upper four decades of shares and what reaches up to them: small weights are the left panel's subject.
        double lowest = _relative.Length == 0 ? double.NaN : Math.Max(_relative[0], Math.Min(0.1, _relative[^1] / 10));
        var panel = new Panel(
            Axis.Over("weight / mean", AxisScale.Logarithmic, tail.Select(t => t.Weight).Where(w => w >= lowest).Append(threshold)),
            Axis.Over("share of draws above", AxisScale.Logarithmic, tail.Select(t => t.Share)))
        { Heading = "largest weights", HasGrid = true };
        (double Weight, double Share)[] drawn = [.. tail.Where(t => t.Weight >= lowest)];
        panel.Points([.. drawn.Select(t => t.Weight)], [.. drawn.Select(t => t.Share)], "p1", radius: 1.8);
        if (_relative.Length > 0)
        {
            panel.VerticalLine(1, "ref");
        }

        if (double.IsFinite(threshold) && threshold > 0)
        {
            double[] weights = [.. Enumerable.Range(0, 61).Select(i => threshold * Math.Exp(i / 60.0 * Math.Log(Math.Max(panel.X.Max / threshold, 1))))];
            double[] fit = [.. weights.Select(Fit)];
            int shown = Array.FindIndex(fit, f => f is not > 0);
            panel.Line(weights[..(shown < 0 ? fit.Length : shown)], fit[..(shown < 0 ? fit.Length : shown)], "l2");
        }

        return panel;
    }
}
