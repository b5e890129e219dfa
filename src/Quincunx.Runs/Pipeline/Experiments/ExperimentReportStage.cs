using Quincunx.Inference.Experiments;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>Judges an experiment and writes metrics, figures and the report.</summary>
internal sealed class ExperimentReportStage(ExperimentModel model) : IStage
{
    public string Name => "report";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [ExperimentFiles.Training, ExperimentFiles.Evaluation];

    public void AddInputs(InputHash hash)
    {
        model.AddInputs(hash);
        hash.Add("title", model.Study.Title).Add("inputs", model.Study.Inputs.Select(i => i.Name + " " + i.Fingerprint.Sha256));
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        var training = JsonArtifact.Read<TrainingFacts>(context.Input(ExperimentFiles.Training));
        var result = JsonArtifact.Read<ExperimentResult>(context.Input(ExperimentFiles.Evaluation));
        var report = new ExperimentReport(model.Study, training, result, context.Manifest);
        context.WriteJson(RunFiles.Metrics, "the metrics", report.Metrics());
        cancel.ThrowIfCancellationRequested();
        foreach (ExperimentExhibit exhibit in report.Exhibits)
        {
            context.WriteText($"figures/{exhibit.Name}.svg", $"the figure '{exhibit.Name}'", exhibit.Figure.ToSvg());
            context.WriteText(exhibit.CsvPath, $"numbers of the figure '{exhibit.Name}'", exhibit.Figure.ToCsv());
        }

        context.WriteText(RunFiles.Report, "the report", report.Content().Render());
    }
}
