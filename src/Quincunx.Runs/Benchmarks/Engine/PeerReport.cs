using System.Text.Json.Serialization;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Steps of ours as another library runs them on this machine.</summary>
/// <param name="Name">Library and version.</param>
/// <param name="Detail">What it computes with.</param>
internal sealed record PeerReport(string Name, string Detail, IReadOnlyList<PeerRow> Rows)
{
    /// <summary>The peer's figure for a row of ours, or null.</summary>
    public PeerRow? Find(EngineRow row) => Rows.FirstOrDefault(r => r.Name == row.Name && r.Threads == row.Threads && r.DType == row.DType && r.Unit == row.Unit);

    /// <summary>Our speed over the peer's, above 1 where ours is the faster; null where the peer has no such row.</summary>
    public double? Speed(EngineRow row) => Find(row) is not { } theirs ? null
        : Units.MoreIsBetter(row.Unit) ? row.Median / theirs.Median
        : theirs.Median / row.Median;
}

/// <summary>A figure of a peer, under the name of ours.</summary>
internal sealed record PeerRow(string Name, int Threads, [property: JsonPropertyName("dtype")] string DType, double Median, string Unit);
