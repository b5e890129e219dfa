using Quincunx.Inference.Diagnostics;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Observed data over the central 50 and 95 % of what the posterior predicts, a panel for each series.</summary>
/// <remarks>Quantiles are pointwise. The prior's 95 % is outlined where given; the value axis follows data and posterior, not the prior.</remarks>
public sealed class PredictivePlot : IFigure
{
    private static readonly double[] Probabilities = [0.025, 0.25, 0.5, 0.75, 0.975];

    private readonly PredictiveSeries[] _series;
    private readonly Prediction[] _predictions;
    private readonly string _coordinateLabel;
    private readonly AxisScale _scale;

    /// <param name="coordinateLabel">Label of the coordinate axis, with its unit.</param>
    /// <param name="scale">Of the value axes. On a logarithmic one, values that are not positive are left out and counted.</param>
    /// <exception cref="ArgumentException">The lists of a series do not agree in length.</exception>
    public PredictivePlot(IReadOnlyList<PredictiveSeries> series, string coordinateLabel, AxisScale scale = AxisScale.Linear)
    {
        _series = [.. series.Select(s => s.Checked())];
        _predictions = [.. _series.Select(s => new Prediction(Quantiles(s.Coordinates.Count, s.Posterior, s.PosteriorWeights), Quantiles(s.Coordinates.Count, s.Prior, [])))];
        (_coordinateLabel, _scale) = (coordinateLabel, scale);
    }

    public string Title => "Predictive check";

    /// <summary>What the outlined predictions are of: the prior, or where that was restricted, the region.</summary>
    public string PriorLabel { get; init; } = "prior";

    public string ToSvg()
    {
        int columns = _series.Length <= 3 ? 1 : 2;
        (double width, double height) = columns == 1 ? (640.0, 190.0) : (320, 150);
        var grid = new PanelGrid(Title, $"Observed {string.Join(", ", _series.Select(s => s.Name))} over the central 50 and 95 % of the predictions.", width, height);
        for (int i = 0; i < _series.Length; i++)
        {
            grid.Add(i / columns, i % columns, SeriesPanel(_series[i], _predictions[i], isLast: i + columns >= _series.Length));
        }

        if (_series.Length == 0)
        {
            var empty = new Panel(Axis.Over(_coordinateLabel, AxisScale.Linear, []), Axis.Over(string.Empty, _scale, []));
            empty.Message("no series");
            grid.Add(0, 0, empty);
        }

        grid.Legend(new LegendEntry("observed", Dot: "dot"));
        if (_predictions.Any(p => p.Posterior.Length > 0))
        {
            grid.Legend(new LegendEntry("predicted median", "l1"), new LegendEntry("50 %", Fill: "f12"), new LegendEntry("95 %", Fill: "f1"));
        }

        if (_predictions.Any(p => p.Prior.Length > 0))
        {
            grid.Legend(new LegendEntry(PriorLabel + " 95 %", "prior"));
        }

        // The axis follows the posterior; where that hides the prior, the reader is told.
        bool isPriorHidden = grid.Panels.Zip(_predictions).Any(e =>
            e.Second.Prior.Length > 0 && e.Second.Prior[0].Concat(e.Second.Prior[^1]).Any(v => !e.First.Y.IsUsable(v) || e.First.Y.Position(v) is < 0 or > 1));
        grid.Note(isPriorHidden ? "The interval of the " + PriorLabel + " reaches beyond the axis." : string.Empty);
        int notFinite = _series.Sum(s => s.Posterior.Count(v => !double.IsFinite(v)) + s.Prior.Count(v => !double.IsFinite(v)));
        grid.Note(notFinite > 0 ? FormattableString.Invariant($"Left out of the quantiles: {notFinite} predictions that are not finite.") : string.Empty);
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText(
            "series", "coordinate", "observed", "q025", "q25", "q50", "q75", "q975", "prior_q025", "prior_q25", "prior_q50", "prior_q75", "prior_q975");
        for (int s = 0; s < _series.Length; s++)
        {
            for (int i = 0; i < _series[s].Coordinates.Count; i++)
            {
                csv.Row([
                    _series[s].Name, _series[s].Coordinates[i], _series[s].Observed[i], .. At(_predictions[s].Posterior, i), .. At(_predictions[s].Prior, i)]);
            }
        }

        return csv.ToString();
    }

    private static IEnumerable<object?> At(double[][] quantiles, int i) =>
        quantiles.Length == 0 ? new object?[Probabilities.Length] : quantiles.Select(q => (object?)q[i]);

    /// <returns>For each probability its quantile at each coordinate; empty where there are no predictions.</returns>
    private static double[][] Quantiles(int coordinates, IReadOnlyList<double> predictions, IReadOnlyList<double> weights)
    {
        if (predictions.Count == 0)
        {
            return [];
        }

        int draws = predictions.Count / coordinates;
        double[][] quantiles = [.. Probabilities.Select(_ => new double[coordinates])];
        for (int i = 0; i < coordinates; i++)
        {
            int[] finite = [.. Enumerable.Range(0, draws).Where(d => double.IsFinite(predictions[(d * coordinates) + i]) && (weights.Count == 0 || weights[d] > 0))];
            WeightedSummary? summary = finite.Length == 0 ? null : WeightedSummary.Of(
                [.. finite.Select(d => predictions[(d * coordinates) + i])], weights.Count == 0 ? [] : [.. finite.Select(d => weights[d])]);
            for (int q = 0; q < quantiles.Length; q++)
            {
                quantiles[q][i] = summary?.Quantile(Probabilities[q]) ?? double.NaN;
            }
        }

        return quantiles;
    }

    private Panel SeriesPanel(PredictiveSeries series, Prediction prediction, bool isLast)
    {
        IEnumerable<double> shown = series.Observed;
        if (prediction.Posterior.Length > 0)
        {
            shown = [.. shown, .. prediction.Posterior[0], .. prediction.Posterior[^1]];
        }
        else if (prediction.Prior.Length > 0)
        {
            shown = [.. shown, .. prediction.Prior[0], .. prediction.Prior[^1]];
        }

        // Counts and populations start at zero when that costs little.
        double[] usable = [.. shown.Where(v => Axis.IsUsable(v, _scale))];
        double padding = 0.06;
        if (_scale == AxisScale.Linear && usable.Length > 0 && usable.Min() > 0 && usable.Min() < 0.3 * usable.Max())
        {
            (usable, padding) = ([0, usable.Max() * 1.06], 0);
        }

        // One value alone has no course: what is predicted for it is drawn as wide as a finger.
        bool isSingle = series.Coordinates.Count == 1;
        IReadOnlyList<double> along = isSingle ? [series.Coordinates[0] - 0.25, series.Coordinates[0] + 0.25] : series.Coordinates;
        var panel = new Panel(
            Axis.Over(isLast ? _coordinateLabel : string.Empty, AxisScale.Linear, isSingle ? [series.Coordinates[0] - 1, series.Coordinates[0] + 1] : series.Coordinates, padding: 0.025),
            Axis.Over(series.ValueLabel, _scale, usable, padding))
        { Heading = series.Name, HasGrid = true };
        if (prediction.Posterior.Length > 0)
        {
            panel.Band(along, Along(prediction.Posterior[0]), Along(prediction.Posterior[4]), "f1");
            panel.Band(along, Along(prediction.Posterior[1]), Along(prediction.Posterior[3]), "f2");
            panel.Line(along, Along(prediction.Posterior[2]), "l1");
        }

        if (prediction.Prior.Length > 0)
        {
            panel.Line(along, Along(prediction.Prior[0]), "prior");
            panel.Line(along, Along(prediction.Prior[4]), "prior");
        }

        panel.Points(series.Coordinates, series.Observed, "dot");
        return panel;

        double[] Along(double[] values) => isSingle ? [values[0], values[0]] : values;
    }

    private readonly record struct Prediction(double[][] Posterior, double[][] Prior);
}
