namespace Quincunx.Runs.Reports;

public sealed record ReportParagraph(ReportText Text) : ReportBlock
{
    internal override void Render(HtmlWriter html) => html.Element("p", Text);
}
