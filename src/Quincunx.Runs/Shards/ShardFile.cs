using System.Globalization;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Shards;

/// <summary>One shard: the arrays <c>theta</c> and <c>x</c> of some simulations as an uncompressed <c>.npz</c>.</summary>
internal static class ShardFile
{
    private const string Theta = "theta", X = "x";
    private const int KeptFailures = 5;

    public static string NameOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"shard-{shard:D5}.npz");

    /// <summary>The bytes of a shard.</summary>
    public static void Write(Stream stream, SimulationSet set) => NpzFile.Write(stream, [.. Arrays(set)]);

    /// <summary>What the index says of a shard that has been written.</summary>
    public static ShardEntry Entry(string file, SimulationSet set, FileFingerprint fingerprint)
    {
        string[] checksums = [.. Arrays(set).Select(a => Text(NpzFile.Checksum(a.Array)))];
        return new ShardEntry(
            file, set.Count, set.FailedRows.Count, [.. set.FailedRows.Take(KeptFailures).Select(r => set.From + r)], fingerprint.Bytes, fingerprint.Sha256, checksums[0], checksums[1]);
    }

    /// <summary>Reads a shard, failed rows included.</summary>
    /// <param name="theta">Shape <c>[rows, parameters]</c>; overwritten.</param>
    /// <param name="x">Shape <c>[rows, outputs]</c>; overwritten.</param>
    /// <exception cref="ArtifactException">The file is missing, truncated or damaged, or not the one that the index lists.</exception>
    public static void Read(string path, ShardEntry entry, Span<double> theta, Span<double> x)
    {
        using NpzEntries file = NpzEntries.Open(path);
        Require(path, Theta, file.Read(Theta, theta, entry.Rows, theta.Length / entry.Rows), entry.ThetaCrc32);
        Require(path, X, file.Read(X, x, entry.Rows, x.Length / entry.Rows), entry.XCrc32);
    }

    private static void Require(string path, string entry, uint found, string expected)
    {
        if (Text(found) != expected)
        {
            throw new ArtifactException(path, $"checksum {Text(found)}: another file than the index lists", expected, entry + ".npy");
        }
    }

    private static string Text(uint checksum) => checksum.ToString("x8", CultureInfo.InvariantCulture);

    private static IEnumerable<(string Name, NpyArray Array)> Arrays(SimulationSet set) =>
        [(Theta, NpyArray.Of(set.Theta, set.Count, set.ParameterCount)), (X, NpyArray.Of(set.X, set.Count, set.OutputCount))];
}
