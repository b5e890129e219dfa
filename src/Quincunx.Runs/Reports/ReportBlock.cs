namespace Quincunx.Runs.Reports;

/// <summary>A part of a section: a paragraph, warning, table, list of facts, figure, or block of code.</summary>
public abstract record ReportBlock
{
    private protected ReportBlock()
    {
    }

    internal abstract void Render(HtmlWriter html);
}
