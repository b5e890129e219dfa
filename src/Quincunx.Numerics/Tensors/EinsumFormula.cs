namespace Quincunx.Numerics.Tensors;

/// <summary>The letters of an Einstein sum, operand by operand.</summary>
internal sealed class EinsumFormula
{
    /// <summary>Stands for "..." among the letters of a term.</summary>
    public const char Ellipsis = '.';

    private EinsumFormula(string text, string[] operands, string result) => (Text, Operands, Result) = (text, operands, result);

    public string Text { get; }

    public string[] Operands { get; }

    public string Result { get; }

    /// <exception cref="ArgumentException">The formula is none; the message has the position, from 1, and what was expected there.</exception>
    public static EinsumFormula Parse(string text)
    {
        List<string> terms = [];
        string term = "";
        bool inResult = false;
        int at = 0;
        while (at < text.Length)
        {
            char c = text[at];
            if (c == ' ')
            {
                at++;
            }
            else if (char.IsAsciiLetter(c))
            {
                if (inResult && (term.Contains(c, StringComparison.Ordinal) || !terms.Exists(t => t.Contains(c, StringComparison.Ordinal))))
                {
                    throw Bad(text, at, term.Contains(c, StringComparison.Ordinal) ? "a letter that the result does not have yet" : "a letter of an operand");
                }

                term += c;
                at++;
            }
            else if (c == Ellipsis)
            {
                if (!text.AsSpan(at).StartsWith("...", StringComparison.Ordinal) || term.Contains(Ellipsis, StringComparison.Ordinal))
                {
                    throw Bad(text, at, term.Contains(Ellipsis, StringComparison.Ordinal) ? "no second \"...\" in a term" : "\"...\"");
                }

                term += Ellipsis;
                at += 3;
            }
            else if (c == ',' && !inResult)
            {
                terms.Add(term);
                term = "";
                at++;
            }
            else if (!inResult && text.AsSpan(at).StartsWith("->", StringComparison.Ordinal))
            {
                terms.Add(term);
                (term, inResult) = ("", true);
                at += 2;
            }
            else
            {
                throw Bad(text, at, inResult ? "a letter, \"...\" or the end" : "a letter, \"...\", \",\" or \"->\"");
            }
        }

        return inResult ? new EinsumFormula(text, [.. terms], term) : throw Bad(text, at, "a letter, \"...\", \",\" or \"->\"");
    }

    private static ArgumentException Bad(string text, int at, string expected) =>
        new($"Einsum \"{text}\", position {at + 1}: expected {expected}, got {(at < text.Length ? $"'{text[at]}'" : "the end")}.", "formula");
}
