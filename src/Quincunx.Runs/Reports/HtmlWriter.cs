using System.Text;
using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Runs.Reports;

/// <summary>Builds HTML; the only way to put in text is one that escapes it.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    /// <summary>Markup of our own. Never text from a study, a file or a simulator.</summary>
    public HtmlWriter Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public HtmlWriter Text(string text)
    {
        _text.Append(SvgBuilder.Escape(text));
        return this;
    }

    public HtmlWriter Element(string name, ReportText text, string? style = null, string attributes = "", bool isInline = false)
    {
        string kind = style is null ? string.Empty : $" class=\"{style}\"";
        _text.Append($"<{name}{kind}{attributes}{(text.IsVolatile ? " data-volatile" : string.Empty)}>");

        // Line ends matter in code, and are spaces elsewhere.
        _text.Append(name == "pre" ? string.Join('\n', text.Text.ReplaceLineEndings("\n").Split('\n').Select(SvgBuilder.Escape)) : SvgBuilder.Escape(text.Text));
        _text.Append($"</{name}>{(isInline ? string.Empty : "\n")}");
        return this;
    }
}
