using System.Globalization;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline;

namespace Quincunx.Runs.Execution;

/// <summary>The folder of a run in which other processes leave the shards of a campaign, until they are in the store.</summary>
internal sealed class ShardFolder
{
    private const string Root = "shards", LogFolder = "logs";
    private readonly CampaignWork _work;

    /// <param name="shards">Into how many the campaign is cut.</param>
    public ShardFolder(CampaignWork work, int shards)
    {
        // By the key as well: whatever still works for the study as it was before leaves its shards elsewhere.
        string name = $"{RunFiles.Round(work.Round)}-{work.Campaign.Key[..12]}";
        (_work, Shards, Path) = (work, shards, System.IO.Path.GetFullPath(work.Context.Shared($"{Root}/{name}")));
        Logs = System.IO.Path.Combine(Path, LogFolder);
    }

    public int Shards { get; }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Where jobs write what they print.</summary>
    public string Logs { get; }

    /// <summary>How many shards a round is cut into.</summary>
    /// <param name="wanted">What the study says; 0 for nothing.</param>
    /// <param name="usual">For nothing.</param>
    public static int ShardsOf(Campaign campaign, int wanted, int usual)
    {
        const long Largest = 256L << 20;
        long least = (long)Math.Ceiling((double)campaign.Rows * campaign.RowBytes / Largest);
        return (int)Math.Clamp(wanted > 0 ? wanted : Math.Max(usual, least), 1, Math.Min(campaign.Rows, ShardNumber.MostShards));
    }

    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Logs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Writing(Path, "a folder for shards", 0, e);
        }
    }

    /// <summary>Puts the shards that are there and whole into the store, and deletes them. A file that cannot be used is told and deleted: it is made again.</summary>
    /// <param name="andPartial">Also what is done of others.</param>
    /// <returns>Whether there were any.</returns>
    public bool Gather(bool andPartial = false)
    {
        if (!Directory.Exists(Path))
        {
            return false;
        }

        List<string> used = [];
        foreach (string file in Directory.EnumerateFiles(Path, "shard-*" + ShardFile.Extension).Order(StringComparer.Ordinal).ToList())
        {
            if (!andPartial && file.EndsWith(".partial" + ShardFile.Extension, StringComparison.Ordinal))
            {
                continue;
            }

            used.Add(file);
            try
            {
                foreach (SimulationSet set in ShardFile.Read(file, _work.Campaign))
                {
                    _work.Store.Add(set);
                }
            }
            catch (ArtifactException e) when (e.File == file)
            {
                _work.Context.Warn($"{e.Message} It is made anew.");
            }
        }

        if (used.Count == 0)
        {
            return false;
        }

        _work.Store.Commit();               // before they go
        used.ForEach(Delete);
        _work.Report();
        return true;
    }

    /// <summary>Numbers of the shards of which the store misses events, ascending.</summary>
    public IReadOnlyList<int> Missing()
    {
        List<int> missing = [];
        IReadOnlyList<EventRange> events = _work.Store.Missing();
        int at = 0;
        for (int shard = 1; shard <= Shards && at < events.Count; shard++)
        {
            EventRange range = new ShardNumber(shard, Shards).EventsOf(_work.Campaign.Rows);
            while (at < events.Count && events[at].To <= range.From)
            {
                at++;
            }

            if (at < events.Count && events[at].From < range.To)
            {
                missing.Add(shard);
            }
        }

        return missing;
    }

    /// <summary>Rows that a process has saved of a shard that it did not finish.</summary>
    public long SavedRows(int shard)
    {
        string file = System.IO.Path.Combine(Path, new ShardNumber(shard, Shards).PartialName);
        try
        {
            return File.Exists(file) ? ShardFile.ReadAbout(file).Rows() : 0;
        }
        catch (ArtifactException)
        {
            return 0;                       // the next one to make the shard says what is wrong with it
        }
    }

    /// <summary>The last lines of a job's log, indented, for a message; empty if it printed nothing.</summary>
    public static string TailOf(string log)
    {
        try
        {
            return File.Exists(log) ? Tail(File.ReadLines(log)) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <inheritdoc cref="TailOf"/>
    public static string Tail(IEnumerable<string> lines) =>
        string.Concat(lines.Where(l => !string.IsNullOrWhiteSpace(l)).TakeLast(10).Select(l => string.Create(CultureInfo.InvariantCulture, $"\n  {(l.Length > 500 ? l[..500] : l)}")));

    /// <summary>Removes everything: the campaign is complete.</summary>
    public void Remove()
    {
        try
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }

            string root = System.IO.Path.GetDirectoryName(Path)!;
            if (Directory.Exists(root) && !Directory.EnumerateFileSystemEntries(root).Any())
            {
                Directory.Delete(root);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A job that is on its way out may still write there; nothing depends on it.
            _work.Context.Warn($"{Path} could not be removed: {e.Message}");
        }
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Writing(file, "its removal", 0, e);
        }
    }
}
