using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Runs.Execution;

/// <summary>Takes the simulations from shards that were made elsewhere, and makes none.</summary>
/// <param name="files">Shards of any rounds.</param>
internal sealed class MergeEngine(IReadOnlyList<string> files) : IEngine
{
    private readonly List<string> _unusable = [];

    /// <summary>What was wrong with the files that could not be used, each in a sentence.</summary>
    public IReadOnlyList<string> Unusable => _unusable;

    /// <summary>Events that were not there before.</summary>
    public long Added { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="WorkAwaitedException">Events are missing still; the message says which.</exception>
    public void Make(CampaignWork work, CancellationToken cancel)
    {
        long before = work.Store.Count.Events;
        foreach (string file in files)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (ShardFile.ReadAbout(file).Campaign != work.Campaign.Name)
                {
                    continue;               // of another round
                }

                foreach (SimulationSet set in ShardFile.Read(file, work.Campaign))
                {
                    work.Store.Add(set);
                }

                work.Report();
            }
            catch (ArtifactException e) when (e.File == file)
            {
                _unusable.Add(e.Message);
                work.Context.Warn(e.Message + " It is left out.");
            }
        }

        work.Store.Commit();
        Added += work.Store.Count.Events - before;
        if (work.Store.Missing() is { Count: > 0 } missing)
        {
            string ranges = string.Join(", ", missing.Take(5).Select(m => $"{m.From} to {m.To - 1}"));
            throw new WorkAwaitedException(
                $"{work.Store.Count.Events} of {work.Campaign.Rows} simulations of {work.Campaign.Name} are there. Missing: {ranges}{(missing.Count > 5 ? $" and {missing.Count - 5} more ranges" : "")}.");
        }
    }
}
