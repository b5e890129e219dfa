using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Reports.Figures;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>The figures of a run; null where there is nothing to draw.</summary>
internal sealed class FigureSet
{
    private const int PriorDraws = 5_000;
    private const double LogarithmicSpan = 30;

    private readonly RunResults _results;

    public FigureSet(RunResults results)
    {
        _results = results;
        Corner = new DrawnFigure(MakeCorner());
        Training = new DrawnFigure(new TrainingCurves([.. results.Facts.Networks.Select(n => new TrainingRound(
            $"round {n.Round}", [.. n.History.Select(e => e.TrainingLoss)], [.. n.History.Select(e => e.ValidationLoss)], n.BestEpoch < 0 || n.Members is not null ? null : n.BestEpoch + 1))]));
        Calibration = Drawn(MakeCalibration());
        Coverage = Drawn(MakeCoverage());
        Predictive = Drawn(MakePredictive());
        if (results.Facts.IsReweighted)
        {
            Weights = new DrawnFigure(new WeightPlot(results.LogWeights, ImportanceWeights.FromLog(results.LogWeights).Tail));
            Efficiency = new DrawnFigure(new EfficiencyPlot(EfficiencyCurve.Of(results.LogWeights)));
        }
    }

    public IFigure Corner { get; }

    public IFigure Training { get; }

    public IFigure? Calibration { get; }

    public IFigure? Coverage { get; }

    public IFigure? Predictive { get; }

    public IFigure? Weights { get; }

    public IFigure? Efficiency { get; }

    /// <summary>Names are those of their files.</summary>
    public IEnumerable<(string Name, IFigure Figure)> All
    {
        get
        {
            (string, IFigure?)[] all =
                [("corner", Corner), ("training", Training), ("calibration", Calibration), ("coverage", Coverage), ("predictive", Predictive), ("weights", Weights), ("efficiency", Efficiency)];
            return all.Where(f => f.Item2 is not null).Select(f => (f.Item1, f.Item2!));
        }
    }

    public static string CsvPath(string name) => $"figures/{name}.csv";

    public void Write(StageContext context)
    {
        foreach ((string name, IFigure figure) in All)
        {
            context.WriteText($"figures/{name}.svg", $"the figure '{name}'", figure.ToSvg());
            context.WriteText(CsvPath(name), $"numbers of the figure '{name}'", figure.ToCsv());
        }
    }

    private static DrawnFigure? Drawn(IFigure? figure) => figure is null ? null : new DrawnFigure(figure);

    private CornerPlot MakeCorner()
    {
        StudyModel model = _results.Model;
        int d = model.Dimension, shown = Math.Min(d, CornerPlot.MostParameters);
        double[] prior = new double[PriorDraws * d];
        Rng rng = model.Stream("report");
        for (int i = 0; i < PriorDraws; i++)
        {
            model.Prior.Sample(prior.AsSpan(i * d, d), rng.Split(i));
        }

        WeightedDraws Draws(string label, double[] theta, ReadOnlySpan<double> weights = default) => new(label, shown, FirstColumns(theta, d, shown), weights);
        return new CornerPlot(
            [.. model.ParameterNames.Take(shown)],
            Draws(_results.ReportedLabel, _results.Theta, _results.Weights),
            Draws("prior", prior),
            _results.NetworkTheta is null ? null : Draws("network", _results.NetworkTheta));
    }

    private CalibrationPlot? MakeCalibration()
    {
        if (_results.Facts.Diagnostics.Sbc is not { Pairs: > 0 } sbc)
        {
            return null;
        }

        // The first quantities are the parameters; the log-density's ranks are what the coverage plot shows.
        int quantities = sbc.Quantities.Count, d = _results.Model.Dimension;
        int[] all = _results.Diagnostics.Values<int>("sbc_ranks", sbc.Pairs, quantities), ranks = new int[sbc.Pairs * d];
        for (int i = 0; i < sbc.Pairs; i++)
        {
            all.AsSpan(i * quantities, d).CopyTo(ranks.AsSpan(i * d));
        }

        return new CalibrationPlot(_results.Model.ParameterNames, ranks, sbc.Draws);
    }

    private CoveragePlot? MakeCoverage() => _results.Facts.Diagnostics.Coverage is not { Pairs: > 0 } coverage
        ? null
        : new CoveragePlot(
            [new CoverageCurve("all parameters", _results.Diagnostics.Values<double>("coverage_nominal", -1), _results.Diagnostics.Values<double>("coverage_empirical", -1))],
            coverage.Pairs);

    private PredictivePlot? MakePredictive()
    {
        StudyModel model = _results.Model;
        if (!_results.Diagnostics.Names.Contains("predictive_x"))
        {
            return null;
        }

        double[] posterior = _results.Diagnostics.Values<double>("predictive_x", -1, model.Features), training = _results.Diagnostics.Values<double>("training_x", -1, model.Features);
        IReadOnlyList<OutputSeries> groups = OutputSeries.Of(model.Study.Simulator.OutputNames);
        PredictiveSeries[] series = [.. groups.Select(g => new PredictiveSeries
        {
            Name = g.Name,
            Coordinates = g.Coordinates,
            Observed = [.. g.Indices.Select(i => model.Observation[i])],
            Posterior = g.Columns(posterior, model.Features),
            Prior = g.Columns(training, model.Features),
        })];
        bool isNamed = groups.Count > 1 || groups[0].Name != "x";
        return new PredictivePlot(series, isNamed ? string.Empty : "output", series.All(IsWide) ? AxisScale.Logarithmic : AxisScale.Linear)
        {
            PriorLabel = model.Rounds > 1 ? $"simulations of round {model.Rounds}" : "prior",
        };
    }

    // All positive, and over more than one and a half decades: on a linear axis half of it would lie on the floor.
    private static bool IsWide(PredictiveSeries series)
    {
        double[] values = [.. series.Observed.Concat(series.Posterior).Where(double.IsFinite)];
        if (!values.All(v => v > 0))
        {
            return false;
        }

        var summary = WeightedSummary.Of(values);
        double[] observed = [.. series.Observed.Where(double.IsFinite)];
        return Math.Max(summary.Quantile(0.975), observed.DefaultIfEmpty(0).Max()) > LogarithmicSpan * Math.Min(summary.Quantile(0.025), observed.DefaultIfEmpty(double.PositiveInfinity).Min());
    }

    private static double[] FirstColumns(double[] table, int columns, int kept)
    {
        if (kept == columns)
        {
            return table;
        }

        int rows = table.Length / columns;
        double[] first = new double[rows * kept];
        for (int i = 0; i < rows; i++)
        {
            table.AsSpan(i * columns, kept).CopyTo(first.AsSpan(i * kept));
        }

        return first;
    }
}
