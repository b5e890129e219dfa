using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Shards;

namespace Quincunx.Tests.Runs.Shards;

/// <summary>A folder of shards for tests: three of ten simulations and one of four, of two parameters and three outputs, two of which failed.</summary>
internal static class ShardFolder
{
    public const int Rows = 34;

    public static readonly int[] Failed = [12, 33];

    /// <returns>Path of the index.</returns>
    public static string Write(ScratchFolder folder, ulong seed = 1, string name = "shards")
    {
        var entries = new List<ShardEntry>();
        (double[] theta, double[] x) = Numbers(seed);
        for (int from = 0; from < Rows; from += 10)
        {
            int n = Math.Min(10, Rows - from);
            var set = SimulationSet.FromArrays(2, 3, from, theta[(2 * from)..(2 * (from + n))], x[(3 * from)..(3 * (from + n))]);
            string file = ShardFile.NameOf(entries.Count);
            entries.Add(ShardFile.Entry(file, set, AtomicFile.Write(folder[$"{name}/{file}"], "a shard", stream => ShardFile.Write(stream, set))));
        }

        string index = folder[$"{name}/index.json"];
        AtomicFile.Write(index, "the index", stream => JsonArtifact.Write(stream, new ShardIndex(1, ["a", "b"], ["u", "v", "w"], Rows, 2, entries)));
        return index;
    }

    /// <summary>All simulations, row-major.</summary>
    public static (double[] Theta, double[] X) Numbers(ulong seed)
    {
        double[] theta = new double[2 * Rows], x = new double[3 * Rows];
        new Rng(seed).FillNormal(theta);
        new Rng(seed).Split("x").FillNormal(x);
        (x[(3 * Failed[0]) + 1], x[3 * Failed[1]]) = (double.NaN, double.PositiveInfinity);
        return (theta, x);
    }
}
