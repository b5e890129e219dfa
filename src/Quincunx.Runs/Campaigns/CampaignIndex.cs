using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>Contents of <c>simulations/round-N.json</c>: which simulations a round has, down to their bytes, which are in the store.</summary>
/// <param name="Format">Version of the format of index and store.</param>
/// <param name="Key">Hash of all that an event is a function of besides its number.</param>
/// <param name="Parameters">Names of the columns of theta.</param>
/// <param name="Outputs">Names of the columns of x.</param>
/// <param name="Rows">Simulations, failed ones included.</param>
/// <param name="Failed">Those with an output that is not finite.</param>
/// <param name="FailedShare">From 0 to 1.</param>
/// <param name="FirstFailed">Numbers of the first few of them.</param>
/// <param name="BlockRows">Simulations in a block; the last has what is left.</param>
/// <param name="Blocks">SHA-256 of the rows of each block (theta, then x, as little-endian float64): 64 lower-case hexadecimal digits.</param>
public sealed record CampaignIndex(
    int Format, string Key, IReadOnlyList<string> Parameters, IReadOnlyList<string> Outputs, long Rows, long Failed, double FailedShare, IReadOnlyList<long> FirstFailed, int BlockRows,
    IReadOnlyList<string> Blocks)
{
    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int CurrentFormat = 2;

    /// <summary>Reads an index and checks that it is consistent in itself.</summary>
    /// <exception cref="ArtifactException">Missing, not an index, of another format, or contradictory.</exception>
    public static CampaignIndex Read(string path)
    {
        CampaignIndex index = JsonArtifact.Read<CampaignIndex>(path);
        if (index.Format != CurrentFormat)
        {
            throw new ArtifactException(path, $"format {index.Format}", $"format {CurrentFormat}", "format");
        }

        if (index.Rows < 1 || index.Parameters.Count < 1 || index.Outputs.Count < 1)
        {
            throw new ArtifactException(path, $"{index.Parameters.Count} parameters, {index.Outputs.Count} outputs and {index.Rows} rows", "one or more of each");
        }

        if (index.Failed < 0 || index.Failed > index.Rows)
        {
            throw new ArtifactException(path, $"{index.Failed} failed of {index.Rows} rows", "not more than there are", "failed");
        }

        int blockRows = Campaign.BlockRowsOf(index.RowBytes);
        long blocks = (index.Rows + blockRows - 1) / blockRows;
        if (index.BlockRows != blockRows || index.Blocks.Count != blocks)
        {
            throw new ArtifactException(path, $"{index.Blocks.Count} blocks of {index.BlockRows} rows", $"{blocks} of {blockRows} for {index.Rows} rows of {index.RowBytes} bytes", "blocks");
        }

        int odd = index.Blocks.ToList().FindIndex(h => h is not { Length: 64 } || !h.All(char.IsAsciiHexDigitLower));
        return odd < 0 ? index : throw new ArtifactException(path, $"the hash '{index.Blocks[odd]}'", "64 lower-case hexadecimal digits", "blocks");
    }

    internal int RowBytes => Campaign.RowBytesOf(Parameters.Count, Outputs.Count);

    internal EventRange Block(int number) => new((long)number * BlockRows, Math.Min(Rows, (number + 1L) * BlockRows));
}
