namespace Quincunx.Runs.Reports;

/// <summary>All that a report says, without its looks.</summary>
public sealed record ReportContent
{
    public required string Title { get; init; }

    /// <summary>One sentence under the title: what was inferred from what.</summary>
    public ReportText Subtitle { get; init; } = string.Empty;

    public required ReportVerdict Verdict { get; init; }

    public required IReadOnlyList<ReportSection> Sections { get; init; }

    /// <summary>The report as one HTML page that needs no other file and no script. Same content, same text.</summary>
    public string Render() => HtmlReport.Render(this);
}
