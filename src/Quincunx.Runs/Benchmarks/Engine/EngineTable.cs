using System.Globalization;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Rows as texts, for people.</summary>
internal sealed record EngineTable(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Columns from the left that are no numbers.</summary>
    public const int TextColumns = 1;

    public static EngineTable Of(IEnumerable<EngineRow> rows, PeerReport? peer)
    {
        string[] header = ["name", "threads", "dtype", "median", "unit", "share", .. peer is null ? Array.Empty<string>() : ["torch", "speed"], "bound"];
        return new EngineTable(header, [.. rows.Select(row => (IReadOnlyList<string>)Cells(row, peer))]);
    }

    private static string[] Cells(EngineRow row, PeerReport? peer) =>
    [
        row.Name, row.Threads.ToString(CultureInfo.InvariantCulture), row.DType, Bound.Number(row.Median), row.Unit, Two(row.Share),
        .. peer is null ? Array.Empty<string>() : [peer.Find(row) is { } theirs ? Bound.Number(theirs.Median) : "", peer.Speed(row) is { } speed ? Two(speed) : ""],
        row.Bound,
    ];

    private static string Two(double share) => share.ToString("F2", CultureInfo.InvariantCulture);
}
