namespace Quincunx.Cli;

/// <summary>What the user asked of a study's run.</summary>
/// <param name="Command">run, simulate, train, sample, diagnose or report.</param>
/// <param name="Out">Folder of the run; null for the usual one.</param>
/// <param name="Observation">A CSV file that replaces the study's data, or null.</param>
/// <param name="Seed">Replaces the study's, unless null.</param>
/// <param name="Arguments">The whole command line.</param>
internal sealed record StudyRunRequest(
    string Command, string Study, string? Out, string? Observation, ulong? Seed, bool Json, bool Quiet, IReadOnlyList<string> Arguments);
