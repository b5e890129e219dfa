using Quincunx.Inference.Diagnostics;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Training and validation loss by epoch, a panel for each round, the epoch whose weights were kept marked.</summary>
/// <remarks>Where a few epochs, mostly the first, tower over the rest, the axis stops short of them and the note counts them.</remarks>
public sealed class TrainingCurves : IFigure
{
    private const int MostColumns = 3;

    private readonly TrainingRound[] _rounds;
    private readonly string _lossLabel;

    /// <param name="rounds">In the order they were trained.</param>
    /// <param name="lossLabel">The loss, with its unit.</param>
    public TrainingCurves(IReadOnlyList<TrainingRound> rounds, string lossLabel = "loss (nats)")
    {
        _rounds = [.. rounds.Select(r => r with { Training = [.. r.Training], Validation = [.. r.Validation] })];
        _lossLabel = lossLabel;
    }

    public string Title => "Training and validation loss";

    public string ToSvg()
    {
        int columns = Math.Clamp(_rounds.Length, 1, MostColumns);
        (double width, double height) = columns switch { 1 => (480.0, 220.0), 2 => (310, 190), _ => (200, 150) };
        var grid = new PanelGrid(Title, $"Loss by epoch in {_rounds.Length} rounds of training.", width, height);
        int above = 0;
        for (int i = 0; i < _rounds.Length; i++)
        {
            (Panel panel, int hidden) = RoundPanel(_rounds[i], isFirst: i % columns == 0, isLast: i + columns >= _rounds.Length);
            grid.Add(i / columns, i % columns, panel);
            above += hidden;
        }

        if (_rounds.Length == 0)
        {
            var empty = new Panel(Axis.Over("epoch", AxisScale.Linear, []), Axis.Over(_lossLabel, AxisScale.Linear, []));
            empty.Message("nothing was trained");
            grid.Add(0, 0, empty);
        }

        grid.Legend(new LegendEntry("training", "l1"), new LegendEntry("validation", "l2"));
        if (Array.Exists(_rounds, r => r.BestEpoch is not null))
        {
            grid.Legend(new LegendEntry("weights kept", "ref"));
        }

        grid.Note(above > 0 ? FormattableString.Invariant($"{above} values lie above their axis; the CSV has them.") : string.Empty);
        return grid.Render();
    }

    public string ToCsv()
    {
        var csv = new CsvText("round", "epoch", "training_loss", "validation_loss", "is_best");
        foreach (TrainingRound round in _rounds)
        {
            for (int i = 0; i < Math.Max(round.Training.Count, round.Validation.Count); i++)
            {
                csv.Row(
                    round.Label, i + 1, i < round.Training.Count ? round.Training[i] : null, i < round.Validation.Count ? round.Validation[i] : null,
                    round.BestEpoch == i + 1 ? 1 : 0);
            }
        }

        return csv.ToString();
    }

    private (Panel Panel, int Above) RoundPanel(TrainingRound round, bool isFirst, bool isLast)
    {
        double[] losses = [.. round.Training.Concat(round.Validation).Where(double.IsFinite)];
        double top = Top(losses);
        double[] epochs = [.. Enumerable.Range(1, Math.Max(round.Training.Count, round.Validation.Count)).Select(i => (double)i)];
        var panel = new Panel(
            Axis.Over(isLast ? "epoch" : string.Empty, AxisScale.Linear, epochs, padding: epochs.Length > 1 ? 0.02 : 0),
            Axis.Over(isFirst ? _lossLabel : string.Empty, AxisScale.Linear, losses.Where(l => l <= top)))
        { Heading = round.Label, HasGrid = true };
        if (round.BestEpoch is int best)
        {
            panel.VerticalLine(best, "ref");
        }

        panel.Line([.. epochs.Take(round.Training.Count)], round.Training, "l1");
        panel.Line([.. epochs.Take(round.Validation.Count)], round.Validation, "l2");
        if (losses.Length == 0)
        {
            panel.Message("no finite loss");
        }

        return (panel, losses.Count(l => l > top));
    }

    // The axis follows the lower nine tenths where the rest would squeeze them into less than a quarter of the height.
    private static double Top(double[] losses)
    {
        if (losses.Length < 10)
        {
            return double.PositiveInfinity;
        }

        var summary = WeightedSummary.Of(losses);
        double low = summary.Quantile(0), ordinary = summary.Quantile(0.9), high = summary.Quantile(1);
        return high - low > 4 * (ordinary - low) && ordinary > low ? ordinary + (0.5 * (ordinary - low)) : double.PositiveInfinity;
    }
}
