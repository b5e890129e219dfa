namespace Quincunx.Runs.Reports;

/// <summary>A table: words on the left, numbers aligned right.</summary>
public sealed record ReportTable : ReportBlock
{
    /// <summary>Above the table; also says what units and abbreviations mean.</summary>
    public string Caption { get; init; } = string.Empty;

    public required IReadOnlyList<string> Header { get; init; }

    /// <summary>Each as long as the header.</summary>
    public required IReadOnlyList<IReadOnlyList<ReportText>> Rows { get; init; }

    /// <summary>How many columns, from the first, hold words and are aligned left. The first names the rows.</summary>
    public int TextColumns { get; init; } = 1;

    /// <summary>Indices of rows to set in bold, such as those that are the reported result.</summary>
    public IReadOnlyList<int> Emphasised { get; init; } = [];

    /// <exception cref="InvalidOperationException">A row's length differs from the header's.</exception>
    internal override void Render(HtmlWriter html)
    {
        html.Raw("<div class=\"scroll\"><table>\n");
        if (Caption.Length > 0)
        {
            html.Element("caption", Caption);
        }

        html.Raw("<thead><tr>");
        int column = 0;
        foreach (string cell in Header)
        {
            html.Element("th", cell, column++ < TextColumns ? "left" : null, " scope=\"col\"", isInline: true);
        }

        html.Raw("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < Rows.Count; row++)
        {
            if (Rows[row].Count != Header.Count)
            {
                throw new InvalidOperationException($"Expected {Header.Count} cells in row {row} of table '{Caption}', got {Rows[row].Count}.");
            }

            html.Raw(Emphasised.Contains(row) ? "<tr class=\"strong\">" : "<tr>");
            for (column = 0; column < Header.Count; column++)
            {
                string? style = column < TextColumns ? "left" : null;
                html.Element(column == 0 ? "th" : "td", Rows[row][column], style, column == 0 ? " scope=\"row\"" : string.Empty, isInline: true);
            }

            html.Raw("</tr>\n");
        }

        html.Raw("</tbody></table></div>\n");
    }
}
