using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Cli;

/// <summary>A run in a list.</summary>
/// <param name="Changed">When a stage last ended, or the folder was made.</param>
/// <param name="Outdated">The verdict is of before a later change: a stage has been run since, or is not complete.</param>
/// <param name="Error">Why the run cannot be read; the other members are then empty.</param>
internal sealed record RunRow(
    string Folder, string? Study, string? Title, DateTimeOffset? Changed, int StagesDone, int Stages, string? Verdict, bool Outdated, string? Error)
{
    /// <returns>Null if the folder holds no run.</returns>
    public static RunRow? Read(string folder)
    {
        try
        {
            if (RunFolder.ReadManifest(folder) is not { } manifest)
            {
                return null;
            }

            RunResult result = RunResult.Read(folder, manifest, [.. manifest.Stages.Select(s => s.Name)]);
            int done = manifest.Stages.Count(s => s.Status == StageStatus.Complete);
            DateTimeOffset changed = manifest.Stages.Select(s => s.Ended ?? s.Started).Append(manifest.Created).Max();
            return new RunRow(
                folder, manifest.Study, manifest.Title, changed, done, manifest.Stages.Count, result.Metrics?.Verdict?.Level, IsOutdated(manifest), Error: null);
        }
        catch (ArtifactException e)
        {
            // One damaged run must not hide the others.
            return new RunRow(folder, null, null, null, 0, 0, null, Outdated: false, e.Message);
        }
    }

    /// <summary>Whether what the metrics say is of before a later change of the run.</summary>
    public static bool IsOutdated(RunManifest manifest)
    {
        StageRecord? metrics = manifest.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.File == RunMetrics.FileName));
        if (metrics is null)
        {
            return false;
        }

        // Stages before the one that made the metrics, in the order of the manifest, are its inputs.
        return manifest.Stages.TakeWhile(s => s.Name != metrics.Name).Append(metrics)
            .Any(s => s.Status != StageStatus.Complete || s.Ended > metrics.Ended);
    }

    public IReadOnlyList<string> Cells() => Error is not null
        ? [Folder, "", "", "", "cannot be read: " + Error]
        : [Folder, Study!, Numbers.Date(Changed!.Value), $"{StagesDone} of {Stages}", (Verdict ?? "none").Replace('-', ' ') + (Outdated ? " (outdated)" : "")];
}
