namespace Quincunx.Runs.Reports;

/// <summary>Something the reader must know before using the numbers, set apart from the running text.</summary>
public sealed record ReportWarning(ReportText Text) : ReportBlock
{
    internal override void Render(HtmlWriter html) => html.Element("p", Text, "warning");
}
