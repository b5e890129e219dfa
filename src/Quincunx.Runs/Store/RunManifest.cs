namespace Quincunx.Runs.Store;

/// <summary>Contents of <c>manifest.json</c>: what a run folder holds and where it came from.</summary>
/// <param name="Format">Version of the run folder's layout.</param>
/// <param name="Study">Name of the study; a folder belongs to one.</param>
/// <param name="Inputs">The files that the study was read from.</param>
/// <param name="Stages">In the order of their first start.</param>
public sealed record RunManifest(
    int Format,
    string Study,
    string Title,
    ulong Seed,
    DateTimeOffset Created,
    RunHost Host,
    IReadOnlyList<OutputFile> Inputs,
    IReadOnlyList<StageRecord> Stages)
{
    /// <summary>The version that this program writes and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    public const string FileName = "manifest.json";

    /// <summary>The record of a stage, or null.</summary>
    public StageRecord? Find(string stage) => Stages.FirstOrDefault(s => s.Name == stage);

    /// <summary>This manifest with another record of the stage, in its place or at the end.</summary>
    public RunManifest With(StageRecord record) => this with
    {
        Stages = Find(record.Name) is null ? [.. Stages, record] : [.. Stages.Select(s => s.Name == record.Name ? record : s)],
    };
}
