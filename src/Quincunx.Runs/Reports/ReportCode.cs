namespace Quincunx.Runs.Reports;

/// <summary>Lines to be typed or kept as they are, such as the command that reproduces the run.</summary>
public sealed record ReportCode(ReportText Text) : ReportBlock
{
    internal override void Render(HtmlWriter html) => html.Element("pre", Text);
}
