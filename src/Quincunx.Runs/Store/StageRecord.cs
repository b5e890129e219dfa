namespace Quincunx.Runs.Store;

/// <summary>What the manifest knows of a stage.</summary>
/// <param name="InputHash">Hash of everything that its outputs depend on.</param>
/// <param name="Outputs">Files that it made; while it is not complete, files of before that may still be there.</param>
/// <param name="Attempts">How often it was started for these inputs; more than 1 after an interruption.</param>
/// <param name="Seconds">Time at work, over all attempts that ended properly.</param>
/// <param name="Ended">Or, if an earlier stage was run again after it and changed nothing, when that was found.</param>
/// <param name="Error">Message of the error if it failed.</param>
public sealed record StageRecord(
    string Name,
    StageStatus Status,
    string InputHash,
    IReadOnlyList<OutputFile> Outputs,
    int Attempts,
    double Seconds,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    string? Error);
