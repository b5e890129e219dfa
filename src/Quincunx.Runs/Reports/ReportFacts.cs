namespace Quincunx.Runs.Reports;

/// <summary>Names with their values, in order.</summary>
public sealed record ReportFacts(IReadOnlyList<(string Name, ReportText Value)> Items) : ReportBlock
{
    internal override void Render(HtmlWriter html)
    {
        html.Raw("<dl>\n");
        foreach ((string name, ReportText value) in Items)
        {
            html.Element("dt", name);
            html.Element("dd", value);
        }

        html.Raw("</dl>\n");
    }
}
