using Quincunx.Runs.Campaigns;

namespace Quincunx.Cli;

/// <summary>What the user asked of one shard.</summary>
/// <param name="Round">From 1.</param>
/// <param name="Run">Folder of the run, for the region of a round after the first; null for the usual one.</param>
/// <param name="To">Folder of the shard; null for the usual one.</param>
/// <param name="IsLeashed">Ends with its standard input.</param>
internal sealed record ShardRequest(StudySource Source, ShardNumber Shard, int Round, string? Run, string? To, bool IsLeashed, bool Json, bool Quiet)
{
    /// <summary>Where the shards of a study are unless <c>--to</c> says otherwise.</summary>
    public static string DefaultFolder(string study) => Path.Combine("shards", study);
}
