namespace Quincunx.Cli;

/// <summary>What the user asked of a study's run.</summary>
/// <param name="Command">run, simulate, train, sample, diagnose or report.</param>
/// <param name="Out">Folder of the run; null for the usual one.</param>
/// <param name="Engine">Replaces the study's, unless null.</param>
/// <param name="Arguments">The whole command line.</param>
internal sealed record StudyRunRequest(string Command, StudySource Source, string? Out, string? Engine, bool Json, bool Quiet, IReadOnlyList<string> Arguments);
