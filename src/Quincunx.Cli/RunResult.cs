using Quincunx.Runs.Store;

namespace Quincunx.Cli;

/// <summary>What some stages of a run have come to.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Metrics">Null if none of the stages made them.</param>
/// <param name="Report">Path of the report; null if none of the stages made it.</param>
internal sealed record RunResult(string Folder, RunMetrics? Metrics, string? Report)
{
    private const string ReportName = "report.html";

    public int ExitCode => Metrics?.Verdict?.Level == RunVerdict.DoNotTrust ? Cli.ExitCode.DoNotTrust : Cli.ExitCode.Success;

    /// <summary>Reads what is there.</summary>
    /// <param name="stages">Only files that these made count: those of other stages may be of an older run.</param>
    /// <exception cref="Quincunx.Runs.Artifacts.ArtifactException">The metrics cannot be read.</exception>
    public static RunResult Read(string folder, RunManifest manifest, IReadOnlyList<string> stages)
    {
        string? Made(string file) =>
            manifest.Stages.Any(s => s.Status == StageStatus.Complete && stages.Contains(s.Name, StringComparer.Ordinal) && s.Outputs.Any(o => o.File == file))
                ? Path.Combine(folder, file)
                : null;
        return new RunResult(folder, Made(RunMetrics.FileName) is { } path ? RunMetrics.Read(path) : null, Made(ReportName));
    }

    /// <summary>Verdict with its reasons, parameter table and the report's place.</summary>
    public void WriteTo(TextWriter output)
    {
        if (Metrics?.Verdict is { } verdict)
        {
            output.WriteLine("Verdict: " + verdict.Words());
            foreach (string reason in verdict.Reasons)
            {
                output.WriteLine("  - " + reason);
            }

            output.WriteLine();
        }

        if (Metrics is { Parameters: { Count: > 0 } parameters })
        {
            bool isEnsemble = parameters.Any(p => p.Networks is not null);
            TextTable.Write(
                output, textColumns: 1, ["parameter", "mean", "sd", "2.5 %", "97.5 %", .. isEnsemble ? new[] { "mean ±", "2.5 % ±", "97.5 % ±" } : []],
                parameters.Select(p => (IReadOnlyList<string>)
                [
                    p.Name, .. new[] { p.Mean, p.Sd, p.Q025, p.Q975 }.Concat(p.Networks is { } n ? [n.Mean, n.Q025, n.Q975] : []).Select(value => Numbers.WithSpread(value, p.Sd)),
                ]));
            if (isEnsemble)
            {
                output.WriteLine("±: standard deviation between the networks of the ensemble. The interval is that of their mixture and carries it.");
            }

            output.WriteLine();
        }

        if (Metrics is { Quantities: { Count: > 0 } quantities })
        {
            TextTable.Write(output, textColumns: 1, ["quantity", "value", "error"], quantities.Select(q => (IReadOnlyList<string>)
                [q.Name, Numbers.Short(q.Value), q.Error is { } error ? Numbers.Short(error) : ""]));
            output.WriteLine();
        }

        if (Report is not null)
        {
            output.WriteLine("Report: " + Report);
        }
    }
}
