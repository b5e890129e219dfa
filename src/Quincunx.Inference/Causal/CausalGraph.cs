namespace Quincunx.Inference.Causal;

/// <summary>A causal diagram over named variables: directed edges for causes, bidirected edges for pairs with a hidden common cause.</summary>
/// <remarks>
/// An acyclic directed mixed graph (Richardson 2003, Scand. J. Stat. 30, 145), which is the diagram of a recursive semi-Markovian
/// model. Two variables may have both kinds of edge. Sets of variables that methods take are checked to be in the graph.
/// </remarks>
public sealed partial class CausalGraph
{
    private readonly Dictionary<string, VariableSet> _parents, _children, _spouses;

    /// <param name="variables">All variables, those without edges included.</param>
    /// <param name="directed">Edges from cause to effect.</param>
    /// <param name="bidirected">Pairs with a hidden common cause, in either order.</param>
    /// <exception cref="ArgumentException">
    /// A name or an edge comes twice, an edge has an end that is no variable or has two equal ends, or the directed edges have a cycle.
    /// </exception>
    public CausalGraph(IEnumerable<string> variables, IEnumerable<(string Cause, string Effect)> directed, IEnumerable<(string A, string B)>? bidirected = null)
    {
        string[] names = [.. variables];
        Array.ForEach(names, VariableSet.CheckName);
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Expected each variable once, got '{twice.Key}' {twice.Count()} times.", nameof(variables));
        }

        Variables = VariableSet.From(names);
        Directed = [.. directed.OrderBy(edge => edge.Cause, StringComparer.Ordinal).ThenBy(edge => edge.Effect, StringComparer.Ordinal)];
        Bidirected = [.. (bidirected ?? []).Select(Ascending).OrderBy(edge => edge.A, StringComparer.Ordinal).ThenBy(edge => edge.B, StringComparer.Ordinal)];
        CheckEdges(Directed, "->");
        CheckEdges(Bidirected, "<->");
        _parents = Adjacent(Directed.Select(edge => (edge.Effect, edge.Cause)));
        _children = Adjacent(Directed);
        _spouses = Adjacent(Bidirected.Concat(Bidirected.Select(edge => (edge.B, edge.A))));
        TopologicalOrder = Sorted();
    }

    /// <summary>All variables.</summary>
    public VariableSet Variables { get; }

    /// <summary>The directed edges, ascending.</summary>
    public IReadOnlyList<(string Cause, string Effect)> Directed { get; }

    /// <summary>The bidirected edges, each once, with ends and edges ascending.</summary>
    public IReadOnlyList<(string A, string B)> Bidirected { get; }

    /// <summary>All variables with causes before effects, and in ordinal order where that leaves a choice.</summary>
    public IReadOnlyList<string> TopologicalOrder { get; }

    /// <summary>Direct causes of any of the variables; a variable of the set is included where it is a cause of another.</summary>
    public VariableSet Parents(VariableSet of) => Neighbours(_parents, of);

    /// <summary>Direct effects of any of the variables.</summary>
    public VariableSet Children(VariableSet of) => Neighbours(_children, of);

    /// <summary>Variables at the other end of a bidirected edge of any of the variables.</summary>
    public VariableSet Spouses(VariableSet of) => Neighbours(_spouses, of);

    /// <summary>The variables and all their direct and indirect causes.</summary>
    public VariableSet Ancestors(VariableSet of) => Reachable(_parents, of);

    /// <summary>The variables and all their direct and indirect effects.</summary>
    public VariableSet Descendants(VariableSet of) => Reachable(_children, of);

    /// <summary>The variables that bidirected edges connect with the given ones, these included: their c-components.</summary>
    public VariableSet District(VariableSet of) => Reachable(_spouses, of);

    /// <summary>The c-components: the parts that bidirected edges connect. They divide the variables (Tian and Pearl 2002, AAAI, 567).</summary>
    public IReadOnlyList<VariableSet> Districts()
    {
        List<VariableSet> districts = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string variable in Variables)
        {
            if (!seen.Contains(variable))
            {
                districts.Add(District(variable));
                seen.UnionWith(districts[^1]);
            }
        }

        return districts;
    }

    /// <summary>Throws unless the sets are in the graph and have nothing in common.</summary>
    internal void CheckDisjoint(params ReadOnlySpan<(string Name, VariableSet Set)> sets)
    {
        VariableSet before = VariableSet.Empty;
        foreach ((string name, VariableSet set) in sets)
        {
            CheckKnown(set, name);
            if (set.Overlaps(before))
            {
                throw new ArgumentException($"Expected sets without common variables, got '{set & before}' twice.", name);
            }

            before |= set;
        }
    }

    private static (string A, string B) Ascending((string A, string B) edge) => string.CompareOrdinal(edge.A, edge.B) <= 0 ? edge : (edge.B, edge.A);

    private static Dictionary<string, VariableSet> Adjacent(IEnumerable<(string From, string To)> edges) =>
        edges.GroupBy(edge => edge.From, edge => edge.To, StringComparer.Ordinal).ToDictionary(group => group.Key, VariableSet.From, StringComparer.Ordinal);

    private void CheckKnown(VariableSet set, string name)
    {
        ArgumentNullException.ThrowIfNull(set, name);
        if (!set.IsSubsetOf(Variables))
        {
            throw new ArgumentException($"Expected variables among {Variables}, got '{set - Variables}'.", name);
        }
    }

    private void CheckEdges(IReadOnlyList<(string From, string To)> edges, string arrow)
    {
        for (int i = 0; i < edges.Count; i++)
        {
            (string from, string to) = edges[i];
            string edge = $"'{from} {arrow} {to}'";
            if (!Variables.Contains(from) || !Variables.Contains(to))
            {
                throw new ArgumentException($"Expected edges between the variables {Variables}, got {edge}.", nameof(edges));
            }

            if (from == to)
            {
                throw new ArgumentException($"Expected an edge between two variables, got {edge}.", nameof(edges));
            }

            if (i > 0 && edges[i - 1] == edges[i])
            {
                throw new ArgumentException($"Expected each edge once, got {edge} twice.", nameof(edges));
            }
        }
    }

    private VariableSet Neighbours(Dictionary<string, VariableSet> next, VariableSet of)
    {
        CheckKnown(of, nameof(of));
        return VariableSet.From(of.SelectMany(variable => next.GetValueOrDefault(variable, VariableSet.Empty)));
    }

    private VariableSet Reachable(Dictionary<string, VariableSet> next, VariableSet of)
    {
        CheckKnown(of, nameof(of));
        HashSet<string> seen = new(of, StringComparer.Ordinal);
        var open = new Queue<string>(of);
        while (open.TryDequeue(out string? variable))
        {
            foreach (string neighbour in next.GetValueOrDefault(variable, VariableSet.Empty).Where(seen.Add))
            {
                open.Enqueue(neighbour);
            }
        }

        return VariableSet.From(seen);
    }

    // Kahn 1962, Commun. ACM 5, 558.
    private List<string> Sorted()
    {
        var waiting = Variables.ToDictionary(variable => variable, variable => _parents.GetValueOrDefault(variable, VariableSet.Empty).Count, StringComparer.Ordinal);
        var ready = new PriorityQueue<string, string>(Variables.Where(variable => waiting[variable] == 0).Select(variable => (variable, variable)), StringComparer.Ordinal);
        List<string> order = [];
        while (ready.TryDequeue(out string? variable, out _))
        {
            order.Add(variable);
            foreach (string child in _children.GetValueOrDefault(variable, VariableSet.Empty))
            {
                if (--waiting[child] == 0)
                {
                    ready.Enqueue(child, child);
                }
            }
        }

        return order.Count == Variables.Count ? order : throw new ArgumentException($"Expected directed edges without a cycle, got {Cycle(waiting)}.", "directed");
    }

    // Every variable that still waits has a cause that waits: going up from any of them comes round.
    private string Cycle(Dictionary<string, int> waiting)
    {
        List<string> path = [waiting.First(pair => pair.Value > 0).Key];
        while (path.IndexOf(path[^1]) == path.Count - 1)
        {
            path.Add(_parents[path[^1]].First(parent => waiting[parent] > 0));
        }

        return string.Join(" -> ", Enumerable.Reverse(path[path.IndexOf(path[^1])..]));
    }
}
