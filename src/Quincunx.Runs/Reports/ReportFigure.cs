using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Runs.Reports;

/// <summary>A figure with its caption, inlined as SVG.</summary>
/// <param name="Caption">What to see in it, in a sentence or two.</param>
/// <param name="CsvPath">Where, relative to the report, the numbers behind it lie; null for no link.</param>
public sealed record ReportFigure(IFigure Figure, string Caption, string? CsvPath = null) : ReportBlock
{
    internal override void Render(HtmlWriter html)
    {
        html.Raw("<figure>\n").Raw(Figure.ToSvg()).Raw("<figcaption>").Text(Caption);
        if (CsvPath is not null)
        {
            html.Raw(" <a href=\"").Text(Uri.EscapeDataString(CsvPath).Replace("%2F", "/")).Raw("\">Data</a>");
        }

        html.Raw("</figcaption>\n</figure>\n");
    }
}
