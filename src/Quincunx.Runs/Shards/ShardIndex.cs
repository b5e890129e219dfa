using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Shards;

/// <summary>Contents of the <c>index.json</c> of a folder of shards.</summary>
/// <param name="Format">Version of the format of index and shards.</param>
/// <param name="Parameters">Names of the columns of theta.</param>
/// <param name="Outputs">Names of the columns of x.</param>
/// <param name="Rows">Simulations in all shards, failed ones included.</param>
/// <param name="Failed">Those with an output that is not finite.</param>
/// <param name="Shards">In the order of the simulations.</param>
public sealed record ShardIndex(
    int Format, IReadOnlyList<string> Parameters, IReadOnlyList<string> Outputs, long Rows, long Failed, IReadOnlyList<ShardEntry> Shards)
{
    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Reads an index and checks that it is consistent in itself.</summary>
    /// <exception cref="ArtifactException">Missing, not an index, of another format, or contradictory.</exception>
    public static ShardIndex Read(string path)
    {
        ShardIndex index = JsonArtifact.Read<ShardIndex>(path);
        if (index.Format != CurrentFormat)
        {
            throw new ArtifactException(path, $"format {index.Format}", $"format {CurrentFormat}", "format");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ShardEntry shard in index.Shards)
        {
            if (!IsPlainName(shard.File))
            {
                throw new ArtifactException(path, $"the file name '{shard.File}'", "a name of letters, digits, '_', '-' and '.'", "shards");
            }

            if (!names.Add(shard.File))
            {
                throw new ArtifactException(path, $"the shard {shard.File} twice", "each once", "shards");
            }

            if (shard.Rows < 1 || shard.Failed < 0 || shard.Failed > shard.Rows)
            {
                throw new ArtifactException(path, $"{shard.Failed} failed of {shard.Rows} rows", "one or more rows, of which not more failed", shard.File);
            }
        }

        long rows = index.Shards.Sum(s => (long)s.Rows), failed = index.Shards.Sum(s => (long)s.Failed);
        if (rows != index.Rows || failed != index.Failed)
        {
            throw new ArtifactException(path, $"{index.Rows} rows, {index.Failed} failed", $"the sums over the shards, {rows} and {failed}", "rows");
        }

        return rows > 0 && index.Parameters.Count > 0 && index.Outputs.Count > 0
            ? index
            : throw new ArtifactException(path, $"{index.Parameters.Count} parameters, {index.Outputs.Count} outputs and {rows} rows", "one or more of each");
    }

    // The index may come from anywhere and must not lead out of its folder.
    private static bool IsPlainName(string name) =>
        name.Length > 0 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
