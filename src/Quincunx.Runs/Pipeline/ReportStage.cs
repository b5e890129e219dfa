using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Judges the run and writes metrics, figures and the report.</summary>
internal sealed class ReportStage(StudyModel model) : IStage
{
    public string Name => "report";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [RunFiles.Raw, RunFiles.PosteriorNpz, RunFiles.Diagnostics, RunFiles.DiagnosticFacts];

    public void AddInputs(InputHash hash) => hash.Add("title", model.Study.Title);

    public void Run(StageContext context, CancellationToken cancel) => throw new InvalidOperationException("The report is being written.");
}
