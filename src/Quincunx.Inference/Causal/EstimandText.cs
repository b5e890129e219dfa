using System.Text;

namespace Quincunx.Inference.Causal;

/// <summary>Writes formulas. A variable that a sum binds gets primes where its name already means another one there.</summary>
internal static class EstimandText
{
    private sealed record Notation(string Bar, Func<string, string> Sum, Func<string, string, string> Quotient, Func<string, string> Name, (string Open, string Close) Around);

    private static readonly Notation PlainNotation = new(" | ", over => $"Σ{{{over}}} ", (above, below) => $"[{above}] / [{below}]", name => name, ("[", "]"));

    private static readonly Notation LatexNotation = new(
        @" \mid ", over => $@"\sum_{{{over}}} ", (above, below) => $@"\frac{{{above}}}{{{below}}}", LatexName, (@"\left(", @"\right)"));

    public static string Plain(Estimand estimand) => Write(estimand, PlainNotation);

    public static string Latex(Estimand estimand) => Write(estimand, LatexNotation);

    /// <summary>P(y | do(x), z) in either notation.</summary>
    public static string Query(CausalQuery query, bool latex)
    {
        Notation notation = latex ? LatexNotation : PlainNotation;
        string doing = query.Treatment.IsEmpty ? "" : $"{(latex ? @"\mathrm{do}" : "do")}({Names(query.Treatment)})";
        string given = string.Join(", ", new[] { doing, Names(query.Given) }.Where(part => part.Length > 0));
        return $"P({Names(query.Outcome)}{(given.Length > 0 ? notation.Bar : "")}{given})";

        string Names(VariableSet set) => string.Join(", ", set.Select(notation.Name));
    }

    private static string Write(Estimand estimand, Notation notation)
    {
        var names = estimand.FreeVariables.ToDictionary(name => name, notation.Name, StringComparer.Ordinal);
        return Write(estimand, notation, names, isFactor: false);
    }

    // names: what each variable that means something here is called.
    private static string Write(Estimand estimand, Notation notation, Dictionary<string, string> names, bool isFactor)
    {
        switch (estimand)
        {
            case ProbabilityEstimand p:
                return $"P({Names(p.Of)}{(p.Given.IsEmpty ? "" : notation.Bar)}{Names(p.Given)})";

            case ProductEstimand product:
                // A sum reaches as far as it can, so that only the last one needs no brackets.
                return product.Factors.Count == 0 ? "1" : string.Join(' ', product.Factors.Select((factor, i) =>
                    Write(factor, notation, names, isFactor: i < product.Factors.Count - 1 || factor is QuotientEstimand)));

            case SumEstimand sum:
                var inner = new Dictionary<string, string>(names, StringComparer.Ordinal);
                foreach (string variable in sum.Over)
                {
                    string name = notation.Name(variable);
                    while (names.ContainsValue(name))
                    {
                        name += "'";
                    }

                    inner[variable] = name;
                }

                string text = notation.Sum(string.Join(", ", sum.Over.Select(variable => inner[variable]))) + Write(sum.Term, notation, inner, sum.Term is QuotientEstimand);
                return isFactor ? notation.Around.Open + text + notation.Around.Close : text;

            case QuotientEstimand quotient:
                string fraction = notation.Quotient(Write(quotient.Numerator, notation, names, false), Write(quotient.Denominator, notation, names, false));
                return isFactor && notation == PlainNotation ? $"({fraction})" : fraction;

            default:
                throw new ArgumentOutOfRangeException(nameof(estimand), estimand, "Expected a known kind of formula.");
        }

        string Names(VariableSet set) => string.Join(", ", set.Select(variable => names[variable]));
    }

    // X stays X, X1 becomes X_{1}; longer names are set upright. Special characters are escaped.
    private static string LatexName(string name)
    {
        string letters = name.TrimEnd([.. "0123456789"]), digits = name[letters.Length..];
        if (letters.Length == 1 && char.IsAsciiLetter(letters[0]))
        {
            return digits.Length == 0 ? name : $"{letters}_{{{digits}}}";
        }

        var escaped = new StringBuilder();
        foreach (char c in name)
        {
            escaped.Append(c switch { '\\' => @"\textbackslash{}", '^' => @"\^{}", '~' => @"\~{}", '_' or '#' or '$' or '%' or '&' or '{' or '}' => $@"\{c}", _ => c.ToString() });
        }

        return $@"\text{{{escaped}}}";
    }
}
