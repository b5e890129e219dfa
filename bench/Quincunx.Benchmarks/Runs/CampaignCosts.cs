using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Benchmarks.Runs;

/// <summary>What the simulations of a campaign cost beside the simulator: stored as they come, merged from shards, checked, read for training.</summary>
internal static class CampaignCosts
{
    private const int Parameters = 2, Outputs = 18, PieceRows = 64;

    /// <summary>Writes a row for each step, with seconds, rates and bytes.</summary>
    /// <param name="rows">Events of 160 bytes.</param>
    /// <param name="folder">Where the files go; they are removed.</param>
    public static void Print(TextWriter output, long rows, string folder)
    {
        string path = Path.Combine(folder, "simulations.db"), indexPath = Path.Combine(folder, "round-1.json"), merged = Path.Combine(folder, "merged.db");
        Directory.CreateDirectory(folder);
        var campaign = new Campaign("round-1", new string('0', 64), Names("theta", Parameters), Names("x", Outputs), rows);
        double gigabytes = 1e-9 * rows * campaign.RowBytes;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} events of {campaign.RowBytes} bytes, {gigabytes:F2} GB, blocks of {campaign.BlockRows} events"));
        output.WriteLine("| step | s | GB/s | million events/s |\n| --- | --- | --- | --- |");
        long sum = 0;
        Step("events made up, not stored", () =>
        {
            for (long from = 0; from < rows; from += PieceRows)
            {
                sum += Piece(from, Math.Min(rows, from + PieceRows)).Count;
            }
        });
        SimulationStore store = SimulationStore.Open(path, campaign, output.WriteLine);
        Step($"stored in pieces of {PieceRows}", () => Add(store, [new EventRange(0, rows)]));
        CampaignIndex index = null!;
        Step("listed in the index", () =>
        {
            index = store.Index();
            AtomicFile.Write(indexPath, "the index", stream => JsonArtifact.Write(stream, index));
        });
        Step("sealed", () => store.Seal([campaign.Name]));
        store.Dispose();
        Step("opened and compared with the hashes", () => SimulationStore.Open(path, campaign, output.WriteLine).Dispose());
        Step("compared with the index", () =>
        {
            using var reader = CampaignReader.Open(path, indexPath);
            reader.Verify();
        });
        Step("read for training", () =>
        {
            using var reader = CampaignReader.Open(path, indexPath);
            double[] theta = new double[campaign.BlockRows * Parameters], x = new double[campaign.BlockRows * Outputs];
            for (int block = 0; block < reader.Rows.Count; block++)
            {
                reader.Read(block, theta.AsSpan(0, reader.Rows[block] * Parameters), x.AsSpan(0, reader.Rows[block] * Outputs));
            }
        });
        string size = string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(path).Length:N0} bytes of simulations.db, {index.Blocks.Count} blocks, {new FileInfo(indexPath).Length:N0} bytes of the index");
        File.Delete(path);
        foreach ((int shards, bool shuffled) in new[] { (100, true), (1000, false), (1000, true) })
        {
            EventRange[] ranges = [.. Enumerable.Range(0, shards).Select(i => new EventRange(i * rows / shards, (i + 1) * rows / shards))];
            if (shuffled)
            {
                new Rng(1).Shuffle<EventRange>(ranges);
            }

            using SimulationStore other = SimulationStore.Open(merged, campaign, output.WriteLine);
            Step($"merged from {shards} shards in {(shuffled ? "random order" : "order")}", () =>
            {
                Add(other, ranges);
                other.Seal([campaign.Name]);
            });
            size += string.Create(CultureInfo.InvariantCulture, $", {new FileInfo(merged).Length:N0} bytes merged from {shards}");
            File.Delete(merged);
        }

        output.WriteLine(size);
        File.Delete(indexPath);

        void Step(string name, Action work)
        {
            long began = Stopwatch.GetTimestamp();
            work();
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {seconds:F2} | {gigabytes / seconds:F2} | {1e-6 * rows / seconds:F2} |"));
        }

        static void Add(SimulationStore store, IReadOnlyList<EventRange> ranges)
        {
            foreach (EventRange range in ranges)
            {
                for (long from = range.From; from < range.To; from += PieceRows)
                {
                    store.Add(Piece(from, Math.Min(range.To, from + PieceRows)));
                }
            }

            store.Commit();
        }
    }

    // Numbers that differ from event to event, for the time of writing them.
    private static SimulationSet Piece(long from, long to)
    {
        double[] theta = new double[(to - from) * Parameters], x = new double[(to - from) * Outputs];
        for (int i = 0; i < theta.Length; i++)
        {
            theta[i] = from + i;
        }

        for (int i = 0; i < x.Length; i++)
        {
            x[i] = from + (0.001 * i);
        }

        return SimulationSet.FromArrays(Parameters, Outputs, from, theta, x);
    }

    private static string[] Names(string name, int count) => [.. Enumerable.Range(1, count).Select(i => $"{name}_{i}")];
}
