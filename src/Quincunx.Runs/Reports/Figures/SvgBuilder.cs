using System.Globalization;
using System.Text;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Writes SVG elements: coordinates to a tenth of a pixel, text escaped, so that the output is valid XML whatever the input.</summary>
internal sealed class SvgBuilder
{
    // Far outside any figure: keeps an infinite or huge coordinate a short and harmless number.
    private const double Limit = 20_000;

    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    /// <summary>A coordinate with at most one decimal; NaN becomes 0 (callers have dropped such points and counted them).</summary>
    public static string Number(double value)
    {
        double tenths = double.IsNaN(value) ? 0 : Math.Round(Math.Clamp(value, -Limit, Limit) * 10);
        return (tenths == 0 ? 0 : tenths / 10).ToString("0.#", CultureInfo.InvariantCulture);
    }

    /// <summary>Text for content or a quoted attribute. Characters that XML 1.0 forbids become U+FFFD.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())     // a lone surrogate is enumerated as U+FFFD
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < 0x20 or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    public SvgBuilder Open(double width, double height, string title, string description)
    {
        string w = Number(width), h = Number(height);
        _text.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qx\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{Escape(title)}\">\n");
        _text.Append($"<title>{Escape(title)}</title>\n<desc>{Escape(description)}</desc>\n<style>{FigureStyle.Sheet}</style>\n");
        return this;
    }

    public SvgBuilder Close()
    {
        _text.Append("</svg>\n");
        return this;
    }

    /// <summary>Opens a viewport: coordinates inside count from its corner, and what leaves it is cut off. Unlike a clip path it needs no id, which could clash in a page.</summary>
    public SvgBuilder OpenViewport(double x, double y, double width, double height)
    {
        _text.Append($"<svg x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\">\n");
        return this;
    }

    public SvgBuilder Line(double x1, double y1, double x2, double y2, string style)
    {
        _text.Append($"<path class=\"{style}\" d=\"M{Number(x1)} {Number(y1)}");
        _text.Append(y1 == y2 ? $"H{Number(x2)}" : x1 == x2 ? $"V{Number(y2)}" : $"L{Number(x2)} {Number(y2)}");
        _text.Append("\"/>\n");
        return this;
    }

    public SvgBuilder Rectangle(double x, double y, double width, double height, string style)
    {
        _text.Append($"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\"/>\n");
        return this;
    }

    public SvgBuilder Circle(double x, double y, double radius, string style)
    {
        _text.Append($"<circle class=\"{style}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\"/>\n");
        return this;
    }

    /// <summary>One path of several pieces; relative moves keep it short, and rounding errors do not add up because the pen is tracked in tenths.</summary>
    public SvgBuilder Path(IEnumerable<IReadOnlyList<(double X, double Y)>> pieces, string style, bool closed)
    {
        var data = new StringBuilder();
        foreach (IReadOnlyList<(double X, double Y)> piece in pieces)
        {
            if (piece.Count == 0)
            {
                continue;
            }

            (long penX, long penY) = (Tenths(piece[0].X), Tenths(piece[0].Y));
            data.Append('M');
            Append(data, penX, first: true);
            Append(data, penY, first: false);
            bool first = true;
            for (int i = 1; i < piece.Count; i++)
            {
                (long x, long y) = (Tenths(piece[i].X), Tenths(piece[i].Y));
                if (x == penX && y == penY)
                {
                    continue;
                }

                data.Append(first ? "l" : string.Empty);
                Append(data, x - penX, first);
                Append(data, y - penY, first: false);
                (penX, penY, first) = (x, y, false);
            }

            data.Append(closed ? "z" : first ? "h0" : string.Empty);
        }

        if (data.Length > 0)
        {
            _text.Append($"<path class=\"{style}\"{(closed ? " fill-rule=\"evenodd\"" : string.Empty)} d=\"{data}\"/>\n");
        }

        return this;
    }

    /// <param name="style">Classes: <c>c</c> centred, <c>e</c> ends at x, <c>b</c> bold, <c>n</c> muted.</param>
    /// <param name="maxWidth">In pixels; longer text is cut with an ellipsis and kept whole in a tooltip.</param>
    /// <param name="vertical">Reads upwards.</param>
    /// <param name="after">Follows the text and is never cut.</param>
    public SvgBuilder Text(double x, double y, string text, string style = "", double maxWidth = double.PositiveInfinity, bool vertical = false, string after = "")
    {
        string shown = TextMetrics.Fit(text, maxWidth);
        string turn = vertical ? $" transform=\"rotate(-90 {Number(x)} {Number(y)})\"" : string.Empty;
        string kind = style.Length > 0 ? $" class=\"{style}\"" : string.Empty;
        string tip = shown == text ? string.Empty : $"<title>{Escape(text)}</title>";
        _text.Append($"<text x=\"{Number(x)}\" y=\"{Number(y)}\"{kind}{turn}>{tip}{Escape(shown + after)}</text>\n");
        return this;
    }

    private static long Tenths(double value) => double.IsNaN(value) ? 0 : (long)Math.Round(Math.Clamp(value, -Limit, Limit) * 10);

    private static void Append(StringBuilder data, long tenths, bool first)
    {
        if (!first && tenths >= 0)
        {
            data.Append(' ');
        }

        if (tenths < 0)
        {
            data.Append('-');
            tenths = -tenths;
        }

        long whole = tenths / 10, rest = tenths % 10;
        if (whole != 0 || rest == 0)
        {
            data.Append(whole);
        }

        if (rest != 0)
        {
            data.Append('.').Append(rest);
        }
    }
}
