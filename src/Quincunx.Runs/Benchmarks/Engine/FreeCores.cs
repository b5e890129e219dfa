namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Whether the cores were ours while they were measured.</summary>
internal static class FreeCores
{
    // Clocks that fall when all cores work cost less than this.
    private const double Least = 0.8;

    /// <summary>What to tell a reader where other programs kept cores busy, else null: several cores then reached much less than as many times one.</summary>
    public static string? Warning(IEnumerable<EngineRow> rows) =>
        rows.FirstOrDefault(row => row.Name == LimitRows.PeakName && row.Threads > 1 && row.Share < Least) is { } peak
            ? $"Other programs kept the cores busy: {peak.Threads} cores together reached {Bound.Number(peak.Share * peak.Threads)} times the peak of one. "
                + "Rows of several threads, of torch too, say little."
            : null;
}
