using System.Text.RegularExpressions;

namespace Quincunx.Inference.Causal;

public sealed partial class CausalGraph
{
    /// <summary>Reads <c>Z -> X -> Y; X &lt;-> Y; W</c>: chains of edges and single variables, with semicolons or line ends between.</summary>
    /// <param name="text">
    /// <c>A -> B</c> and <c>B &lt;- A</c>: A is a cause of B. <c>A &lt;-> B</c>: they have a hidden common cause. <see cref="ToString"/> writes what this reads.
    /// </param>
    /// <exception cref="ArgumentException">The text is of another form, or does not describe an acyclic graph.</exception>
    public static CausalGraph Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        HashSet<string> variables = new(StringComparer.Ordinal);
        List<(string, string)> directed = [], bidirected = [];
        foreach (string statement in text.Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = [.. Arrow().Split(statement).Select(part => part.Trim())];       // names at even places, arrows at odd ones
            for (int i = 0; i < parts.Length; i += 2)
            {
                if (parts[i].Length == 0 || parts[i].Any(c => char.IsWhiteSpace(c) || c is ',' or '<' or '>'))
                {
                    throw new ArgumentException($"Expected variables with '->', '<-' or '<->' between, got '{parts[i]}' in '{statement}'.", nameof(text));
                }

                variables.Add(parts[i]);
                if (i > 0)
                {
                    (string left, string arrow, string right) = (parts[i - 2], parts[i - 1], parts[i]);
                    (arrow == "<->" ? bidirected : directed).Add(arrow == "<-" ? (right, left) : (left, right));
                }
            }
        }

        return new CausalGraph(variables, directed, bidirected);
    }

    /// <summary>The text that <see cref="Parse"/> reads; equal graphs have equal texts.</summary>
    public override string ToString()
    {
        IEnumerable<string> alone = Variables.Where(v => Parents(v).IsEmpty && Children(v).IsEmpty && Spouses(v).IsEmpty);
        return string.Join("; ", [
            .. Directed.Select(edge => $"{edge.Cause} -> {edge.Effect}"), .. Bidirected.Select(edge => $"{edge.A} <-> {edge.B}"), .. alone]);
    }

    [GeneratedRegex("(?<arrow><->|->|<-)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Arrow();
}
