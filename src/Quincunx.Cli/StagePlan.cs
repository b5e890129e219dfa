using Quincunx.Runs.Store;

namespace Quincunx.Cli;

/// <summary>The stages of a study's run.</summary>
/// <param name="Stages">In order.</param>
/// <param name="LastStage">Name of the last stage that belongs to a command: simulate, train, sample, diagnose or report.</param>
internal sealed record StagePlan(IReadOnlyList<IStage> Stages, Func<string, string> LastStage);
