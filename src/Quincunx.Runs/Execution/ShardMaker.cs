using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline;

namespace Quincunx.Runs.Execution;

/// <summary>Makes one shard of a campaign, on whatever machine, and goes on from what an earlier attempt has left beside it.</summary>
/// <param name="name">That of the simulator, for messages.</param>
/// <param name="stream">The root stream of the campaign's events.</param>
/// <param name="clock">Only decides when what is done so far is saved, and how many events a thread takes at once.</param>
/// <param name="warn">Is told what was found that could not be used.</param>
internal sealed class ShardMaker(Campaign campaign, string name, ISimulator simulator, EventLaw law, Rng stream, TimeProvider clock, Action<string> warn)
{
    /// <summary>How often what is done so far is saved.</summary>
    public static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(30);

    private readonly SimulationOptions _options = new() { Clock = clock };

    /// <summary>Makes the file of the shard, unless it is there and whole.</summary>
    /// <param name="folder">Where it belongs; made if need be. Others may make the same shard there at the same time.</param>
    /// <returns>Its rows, how many of them failed, and whether it was there already.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; what is done is saved beside it, and the next call goes on from there.</exception>
    /// <exception cref="ArtifactException">The folder has a shard of another campaign by that name, or cannot be written.</exception>
    /// <exception cref="RunException">All of the first events failed.</exception>
    public (int Rows, int Failed, bool WasThere) Make(ShardNumber shard, string folder, IProgress<SimulationProgress>? progress, CancellationToken cancel)
    {
        string path = Path.Combine(folder, shard.FileName), partial = Path.Combine(folder, shard.PartialName);
        var rows = new ShardRows(campaign, shard.EventsOf(campaign.Rows));
        ShardFile.RemoveLeftovers(path);
        ShardFile.RemoveLeftovers(partial);
        if (TakeOver(path, rows) && rows.Missing().Count == 0)
        {
            File.Delete(partial);
            return (rows.Count, Failed(rows), WasThere: true);
        }

        TakeOver(partial, rows);
        Simulate(rows, partial, progress, cancel);
        ShardFile.Write(path, campaign, rows.Sets());
        File.Delete(partial);
        return (rows.Count, Failed(rows), WasThere: false);
    }

    private static int Failed(ShardRows rows) => rows.Sets().Sum(s => s.FailedRows.Count);

    private void Simulate(ShardRows rows, string partial, IProgress<SimulationProgress>? progress, CancellationToken cancel)
    {
        var runner = new SimulationRunner(simulator, _options);
        int saved = rows.Count;
        long failed = Failed(rows), savedAt = clock.GetTimestamp();

        // While all of the campaign's first events fail, something is wrong that the next attempt should find out anew.
        bool IsWorthSaving() => rows.Events.From > 0 || failed < rows.Count;
        void Finished(SimulationSet set)
        {
            rows.Add(set);
            failed += set.FailedRows.Count;
            progress?.Report(new SimulationProgress(rows.Count, rows.Events.Count, failed));
            if (clock.GetElapsedTime(savedAt) > BetweenSaves && rows.Count < rows.Events.Count && IsWorthSaving())
            {
                (saved, savedAt) = (rows.Count, clock.GetTimestamp());
                try
                {
                    ShardFile.Write(partial, campaign, rows.Sets());
                }
                catch (ArtifactException e)
                {
                    warn($"What is done of the shard could not be saved, and the work goes on: {e.Message}");
                }
            }
        }

        try
        {
            foreach (EventRange missing in rows.Missing())
            {
                // A shard of a few events may honestly have none that succeeds; the runner has handed over all of them then.
                if (law.RunPieces(runner, missing.From, missing.To, stream, Finished, cancel) == SimulationStopReason.AllFailed
                    && (missing.To >= _options.TrialEvents || missing.To == campaign.Rows))
                {
                    throw CampaignWork.AllFailed(name, campaign.Parameters, rows.Count, rows.Sets().SelectMany(s => s.Failures).FirstOrDefault());
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && rows.Count > saved && IsWorthSaving())
        {
            ShardFile.Write(partial, campaign, rows.Sets());
            throw;
        }
    }

    // A file that cannot be used is as good as none, and is replaced; one of another campaign is somebody's work.
    private bool TakeOver(string path, ShardRows rows)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            if (ShardFile.ReadAbout(path).Key == campaign.Key)
            {
                foreach (SimulationSet set in ShardFile.Read(path, campaign))
                {
                    rows.Add(set);
                }

                return true;
            }
        }
        catch (ArtifactException e)
        {
            warn($"{e.Message} It is made anew.");
            return false;
        }

        throw new ArtifactException(path, "a shard of another campaign", $"none, or one of {campaign.Name} of the study as it is now (choose another folder with --to, or remove it)");
    }
}
