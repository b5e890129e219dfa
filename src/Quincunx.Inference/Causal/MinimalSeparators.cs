namespace Quincunx.Inference.Causal;

/// <summary>Lists the sets that separate X from Y in a diagram and have no part that does, at a cost each that is polynomial in the size of the diagram.</summary>
/// <remarks>
/// Such sets consist of ancestors of X and Y, and they are the minimal vertex separators of the moral graph over these (van der Zander, Liśkiewicz and
/// Textor 2019, Artif. Intell. 270, 1). A variable that must not be used is taken out of that graph and its neighbours are joined. The separators are
/// listed by a binary search over what lies on the side of X (Takata 2010, Discrete Appl. Math. 158, 1660).
/// </remarks>
internal sealed class MinimalSeparators
{
    private readonly VariableSet _x, _y;
    private readonly Dictionary<string, VariableSet> _neighbours = new(StringComparer.Ordinal);

    private MinimalSeparators(CausalGraph graph, VariableSet x, VariableSet y, VariableSet allowed)
    {
        (_x, _y) = (x, y);
        CausalGraph ancestral = graph.Induced(graph.Ancestors(x | y));
        foreach (VariableSet district in ancestral.Districts())
        {
            Join(district | ancestral.Parents(district));       // all that a path through colliders alone connects
        }

        foreach (string unused in ancestral.Variables - x - y - allowed)
        {
            Join(_neighbours[unused]);
            foreach (string neighbour in _neighbours[unused])
            {
                _neighbours[neighbour] -= unused;
            }

            _neighbours.Remove(unused);
        }
    }

    public static IEnumerable<VariableSet> Of(CausalGraph graph, VariableSet x, VariableSet y, VariableSet allowed) =>
        new MinimalSeparators(graph, x, y, allowed).List(x, y);

    /// <summary>The separators that leave all of <paramref name="near"/> on the side of X and nothing of <paramref name="outside"/>.</summary>
    private IEnumerable<VariableSet> List(VariableSet near, VariableSet outside)
    {
        VariableSet border = Border(near);
        if (border.Overlaps(_y))
        {
            yield break;
        }

        // The separator nearest to X, and its side: those of all others contain it.
        VariableSet separator = Border(Side(_y, border)), side = Side(_x, separator);
        if (side.Overlaps(outside))
        {
            yield break;
        }

        VariableSet open = separator - outside;
        if (open.IsEmpty)
        {
            yield return separator;
            yield break;
        }

        foreach (VariableSet found in List(side | open[0], outside).Concat(List(side, outside | open[0])))
        {
            yield return found;
        }
    }

    private void Join(VariableSet clique)
    {
        foreach (string member in clique)
        {
            _neighbours[member] = (_neighbours.GetValueOrDefault(member, VariableSet.Empty) | clique) - member;
        }
    }

    private VariableSet Border(VariableSet of) => VariableSet.From(of.SelectMany(variable => _neighbours[variable])) - of;

    private VariableSet Side(VariableSet from, VariableSet border)
    {
        HashSet<string> seen = new(from, StringComparer.Ordinal);
        var open = new Queue<string>(from);
        while (open.TryDequeue(out string? variable))
        {
            foreach (string neighbour in _neighbours[variable].Where(neighbour => !border.Contains(neighbour) && seen.Add(neighbour)))
            {
                open.Enqueue(neighbour);
            }
        }

        return VariableSet.From(seen);
    }
}
