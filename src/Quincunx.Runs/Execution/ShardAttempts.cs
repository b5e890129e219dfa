using Quincunx.Runs.Pipeline;

namespace Quincunx.Runs.Execution;

/// <summary>Counts how often each shard was lost, and ends the run where one is lost again and again. What has saved something since the last time counts as a beginning.</summary>
internal sealed class ShardAttempts(ShardFolder folder, int most)
{
    private readonly Dictionary<int, (int Lost, long Saved)> _shards = [];

    /// <summary>Notes that a process ended without a shard.</summary>
    /// <param name="how">How it ended, as the end of a sentence.</param>
    /// <param name="tail">The last lines that it printed, each on a line of its own.</param>
    /// <exception cref="RunException">It was the last attempt.</exception>
    public void Lost(int shard, string how, string tail)
    {
        (int lost, long saved) = _shards.GetValueOrDefault(shard);
        long now = folder.SavedRows(shard);
        lost = now > saved ? 1 : lost + 1;
        _shards[shard] = (lost, now);
        if (lost >= most)
        {
            string times = lost == 1 ? "" : $", {lost} times without progress";
            throw new RunException($"Shard {shard} of {folder.Shards} could not be made{times}; its process {how}.{(tail.Length > 0 ? " It printed last:" + tail : "")}");
        }
    }
}
