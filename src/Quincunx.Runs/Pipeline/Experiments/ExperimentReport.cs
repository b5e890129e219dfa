using Quincunx.Inference.Experiments;
using Quincunx.Inference.Training;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Reports.Figures;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>Puts what an experiment found into metrics, figures and a report.</summary>
internal sealed class ExperimentReport(ExperimentStudy study, TrainingFacts training, ExperimentResult result, RunManifest manifest)
{
    private readonly ReportVerdict _verdict = Judge(training, result);

    /// <summary>The figures, in the order of the report.</summary>
    public IReadOnlyList<ExperimentExhibit> Exhibits { get; } =
    [
        .. result.Series.Select(f => new ExperimentExhibit(f.Name, new DrawnFigure(new SeriesPlot(f)), f.Caption)),
        .. result.Histograms.Select(f => new ExperimentExhibit(f.Name, new DrawnFigure(new HistogramPlot(f)), f.Caption)),
        TrainingExhibit(training, result.LossLabel),
    ];

    /// <summary>Contents of <c>metrics.json</c>: the experiment's own numbers stand at the top level, beside the keys that every run has.</summary>
    public IReadOnlyDictionary<string, object> Metrics()
    {
        var metrics = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["format"] = 1,
            ["verdict"] = VerdictMetrics.Of(_verdict),
            ["experiment"] = study.ExperimentName,
        };
        foreach (ExperimentMetric metric in result.Metrics)
        {
            metrics.Add(metric.Name, metric.Value);
            if (metric.Error is { } error)
            {
                metrics.Add(metric.Name + "_error", error);
            }
        }

        metrics.Add("training", new ExperimentTrainingMetrics(training.StopReason, training.History.Count, training.Steps, training.SkippedSteps, training.BestLoss));
        return metrics;
    }

    public ReportContent Content() => new()
    {
        Title = study.Title,
        Subtitle = result.Summary,
        Verdict = _verdict with { Failed = [.. _verdict.Failed.Select(Words.Unbroken)], Passed = [.. _verdict.Passed.Select(Words.Unbroken)] },
        Sections =
        [
            new("Results", [.. Results()]),
            new("Figures", [.. Exhibits.SkipLast(1).Select(Figure)]),
            new("Training", [Figure(Exhibits[^1])]),
            new("Settings", [new ReportFacts([("Experiment", study.ExperimentName), .. study.Options.All.Select(o => (o.Name, (ReportText)FormattableString.Invariant($"{o.Value}")))])]),
            new("Cost", [StageTimes.Table(manifest)]),
            new("How to reproduce this", [.. ReproductionSection.Blocks(study, manifest)]),
        ],
    };

    private static ReportVerdict Judge(TrainingFacts training, ExperimentResult result)
    {
        var findings = new Findings();
        if (training.StopReason == nameof(StopReason.Diverged))
        {
            findings.DoNotTrust($"Training diverged after {Words.Count(training.Steps)} steps; the best weights before that were evaluated. Lower the learning rate.");
        }

        foreach (ExperimentCheck check in result.Checks)
        {
            switch (check.Outcome)
            {
                case CheckOutcome.Passed:
                    findings.Pass(check.Statement);
                    break;
                case CheckOutcome.Doubtful:
                    findings.Caution(check.Statement);
                    break;
                default:
                    findings.DoNotTrust(check.Statement);
                    break;
            }
        }

        return findings.Verdict();
    }

    private static ReportFigure Figure(ExperimentExhibit exhibit) => new(exhibit.Figure, exhibit.Caption, exhibit.CsvPath);

    // A loss that stays positive, such as a squared error, falls over decades; another, such as a divergence up to a constant, needs an axis that stops short of its beginning.
    private static ExperimentExhibit TrainingExhibit(TrainingFacts training, string label)
    {
        double[] losses = [.. training.History.Select(e => e.TrainingLoss)], held = [.. training.History.Select(e => e.ValidationLoss)];
        bool isHeld = !held.SequenceEqual(losses);
        IFigure figure = losses.Concat(held).All(l => l > 0)
            ? new SeriesPlot(Decades(training, label, losses, isHeld ? held : null))
            : new TrainingCurves([new TrainingRound("", losses, isHeld ? held : [], training.BestEpoch < 0 ? null : training.BestEpoch + 1)], label);
        return new ExperimentExhibit(
            "training", new DrawnFigure(figure), "Mean loss of each epoch as it was trained on" + (isHeld ? ", and after it on what was held out." : "."));
    }

    private static SeriesFigure Decades(TrainingFacts training, string label, double[] losses, double[]? held)
    {
        double[] steps = [.. training.History.Select(e => (double)e.Steps)];
        var trained = new SeriesCurve("training", steps, losses);
        return new SeriesFigure
        {
            Name = "training",
            Title = "Training loss",
            Caption = "Mean loss of each epoch.",
            Panels = [new SeriesPanel { XLabel = "step", YLabel = label, IsLogarithmic = true, Curves = held is null ? [trained] : [trained, new SeriesCurve("validation", steps, held)] }],
        };
    }

    private IEnumerable<ReportBlock> Results()
    {
        yield return new ReportTable
        {
            Caption = "Errors are standard errors.",
            Header = ["name", "meaning", "value", "error"],
            Rows = [.. result.Metrics.Select(m => (IReadOnlyList<ReportText>)
                [m.Name, m.Meaning, ParameterTable.Format(m.Value, m.Error ?? 0), m.Error is { } error ? ParameterTable.Format(error, error) : "–"])],
            TextColumns = 2,
        };
        foreach (ExperimentTable table in result.Tables)
        {
            yield return new ReportTable { Caption = table.Caption, Header = table.Header, Rows = [.. table.Rows.Select(r => (IReadOnlyList<ReportText>)[.. r.Select(c => (ReportText)c)])] };
        }
    }
}
