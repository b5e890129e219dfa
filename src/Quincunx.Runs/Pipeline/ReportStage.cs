using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Judges the run and writes metrics, figures and the report.</summary>
internal sealed class ReportStage(StudyModel model) : IStage
{
    public string Name => "report";

    public int Version => 1;

    public IReadOnlyList<string> Reads
    {
        get
        {
            List<string> files = [];
            for (int round = 1; round <= model.Rounds; round++)
            {
                files.AddRange([RunFiles.Simulations(round), RunFiles.NetworkFacts(round)]);
            }

            files.AddRange([RunFiles.PosteriorNpz, RunFiles.Diagnostics, RunFiles.DiagnosticFacts, .. model.Method.Samples ? new[] { RunFiles.SamplingFacts } : []]);
            files.AddRange(model.Study.Inference.Ensemble is null ? [] : [RunFiles.Ensemble]);
            files.AddRange(model.Study.Inference.Equivariance is null ? [] : [RunFiles.Gibbs]);
            files.AddRange(model.Study.Marginals is null ? [] : [RunFiles.Marginals]);
            return RunResults.Reweights(model) ? [.. files, RunFiles.Raw, RunFiles.Importance, RunFiles.ImportanceFacts] : files;
        }
    }

    public void AddInputs(InputHash hash)
    {
        // The inputs' hashes are printed. They change with every comment in the study file, but a report costs a second.
        hash.Add("title", model.Study.Title).Add("inputs", model.Study.Inputs.Select(i => i.Name + " " + i.Fingerprint.Sha256));
        hash.Add("outputs", model.Study.Simulator.OutputNames);
        hash.Add("simulator", model.Study.SimulatorName);
        hash.Add("options", model.Study.SimulatorOptions.All.Select(o => FormattableString.Invariant($"{o.Name}={o.Value}")));
        model.AddPrior(hash);
        model.Measurement.Noise?.AddTo(hash);
        hash.Add("observation", model.Observation).Add("seed", model.Study.Seed);
        hash.Add("truncation", model.Study.Inference.Truncation).Add("reweights", RunResults.Reweights(model)).Add("draws", model.Study.PosteriorDraws);
        hash.Add("sbc", model.Study.Diagnostics.Sbc).Add("coverage", model.Study.Diagnostics.Coverage).Add("predictive", model.Study.Diagnostics.Predictive);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        var results = RunResults.Read(model, context);
        context.WriteJson(RunFiles.Metrics, "the metrics", results.ToMetrics());
        cancel.ThrowIfCancellationRequested();
        var figures = new FigureSet(results);
        figures.Write(context);
        cancel.ThrowIfCancellationRequested();
        context.WriteText(RunFiles.Report, "the report", new ReportBuilder(results, figures, context.Manifest).Build().Render());
    }
}
