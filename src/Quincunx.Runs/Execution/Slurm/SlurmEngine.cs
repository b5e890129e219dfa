using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Execution.Slurm;

/// <summary>Makes simulations as job arrays of a Slurm cluster, a shard for each task, over a folder that all nodes see.</summary>
/// <remarks>
/// What is made is known from the files alone; Slurm is asked who is still at work. So a task that is lost, whatever became of it, is one whose shard is missing and that is not alive, and only
/// such shards are submitted again. What was submitted is recorded before Slurm is asked to, under a name that finds it again: a run that is killed at any moment follows its jobs.
/// </remarks>
internal sealed class SlurmEngine(ExecutionSettings settings, WorkerCommand command, SlurmQueue queue) : IEngine
{
    private const int UsualShards = 100;

    /// <inheritdoc/>
    public void Make(CampaignWork work, CancellationToken cancel)
    {
        int count = ShardFolder.ShardsOf(work.Campaign, settings.Shards, UsualShards);
        var folder = new ShardFolder(work, count);
        folder.Gather();
        if (folder.Missing().Count == 0)
        {
            return;
        }

        folder.Create();
        var record = SlurmRecord.Read(folder.Path, count, work.Context.Warn);
        if (record.Count != count)
        {
            // What is at work was cut in another way, and stays so.
            folder = new ShardFolder(work, record.Count);
        }

        new SlurmCampaign(settings, command, queue, work, folder, record).Make(cancel);
    }

    /// <summary>Cancels what a run has submitted for a campaign that is now made in another way.</summary>
    public static void Abandon(SlurmQueue queue, string folder, Action<string> warn)
    {
        if (!File.Exists(Path.Combine(folder, SlurmRecord.FileName)))
        {
            return;
        }

        SlurmRecord.Read(folder, 1, warn).Cancel(queue, warn);
    }
}
