using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Execution;

/// <summary>One shard of a study's round, made apart from any run folder.</summary>
internal static class ShardJob
{
    /// <param name="run">The run folder; only asked for the region or the proposals of a round after the first.</param>
    /// <param name="folder">Where the shard goes.</param>
    /// <inheritdoc cref="ShardMaker.Make"/>
    /// <exception cref="ArtifactException">As there; or the region cannot be read.</exception>
    /// <exception cref="RunException">There is no such round or shard; or all of the first events failed.</exception>
    public static (int Rows, int Failed, bool WasThere) Make(
        Study study, int round, string run, ShardNumber shard, string folder, TimeProvider clock, Action<string> warn, IProgress<SimulationProgress>? progress, CancellationToken cancel)
    {
        var model = new StudyModel(study, clock);
        if (round > model.Rounds)
        {
            throw new RunException($"Found round {round}, expected one of the study's: 1 to {model.Rounds}.");
        }

        string PathOf(string file) => Path.Combine(run, file);
        Campaign campaign = model.CampaignOf(round, PathOf);
        if (shard.Count > campaign.Rows)
        {
            throw new RunException($"Found {shard.Count} shards, expected at most one for each of the {campaign.Rows} simulations.");
        }

        int most = Array.MaxLength / Math.Max(campaign.Parameters.Count, campaign.Outputs.Count);
        if (shard.EventsOf(campaign.Rows).Count > most)
        {
            throw new RunException($"Found {shard.EventsOf(campaign.Rows).Count} simulations in shard {shard}, expected at most {most}: cut the campaign into more shards.");
        }

        EventLaw law = ProposalFile.Law(model, round, PathOf);
        return new ShardMaker(campaign, study.SimulatorName, model.Events(law), law, model.Stream(StudyModel.SimulationStream(round)), clock, warn).Make(shard, folder, progress, cancel);
    }
}
