namespace Quincunx.Runs.Reports;

/// <summary>A heading and what stands under it, in order.</summary>
public sealed record ReportSection(string Title, IReadOnlyList<ReportBlock> Blocks);
