using System.Globalization;
using System.Text;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Estimated widths of sans-serif text. The reader's font is not known here, so the estimate follows a wide one (DejaVu Sans).</summary>
internal static class TextMetrics
{
    /// <summary>Width in pixels at the figures' font size.</summary>
    public static double Width(string text)
    {
        double em = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            em += Em(rune);
        }

        return em * FigureStyle.FontSize;
    }

    /// <summary>The text itself, or its beginning and an ellipsis where it is wider than <paramref name="maxWidth"/> pixels. Characters stay whole.</summary>
    public static string Fit(string text, double maxWidth)
    {
        if (Width(text) <= maxWidth)
        {
            return text;
        }

        var shown = new StringBuilder();
        double left = maxWidth - Width("…");
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            left -= Width(element);
            if (left < 0)
            {
                break;
            }

            shown.Append(element);
        }

        return shown.Append('…').ToString();
    }

    /// <summary>Breaks at spaces into lines of at most <paramref name="maxWidth"/> pixels; a word wider than that is cut.</summary>
    public static IReadOnlyList<string> Wrap(string text, double maxWidth)
    {
        List<string> lines = [];
        string line = string.Empty;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Width(longer) > maxWidth)
            {
                lines.Add(line);
                longer = word;
            }

            line = Fit(longer, maxWidth);
        }

        if (line.Length > 0)
        {
            lines.Add(line);
        }

        return lines;
    }

    private static double Em(Rune rune) => rune.Value switch
    {
        ' ' or '.' or ',' or '\'' or 'i' or 'j' or 'l' or '|' or ':' or ';' or 'I' => 0.32,
        'f' or 't' or 'r' or '(' or ')' or '[' or ']' => 0.41,
        'm' or 'w' or 'M' or 'W' or '%' or '…' => 0.96,
        >= '⁰' and <= '₟' or '²' or '³' or '¹' => 0.4,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0x1F000 => 1.3,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            UnicodeCategory.UppercaseLetter => 0.7,
            UnicodeCategory.MathSymbol => 0.84,
            _ => 0.63,
        },
    };
}
