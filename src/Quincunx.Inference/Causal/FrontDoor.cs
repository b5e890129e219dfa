namespace Quincunx.Inference.Causal;

/// <summary>The front-door criterion: sets z with P(y | do(x)) = Σ_z P(z | x) Σ_x' P(y | x', z) P(x').</summary>
/// <remarks>
/// Pearl 1995, Biometrika 82, 669 (Causality, definition 3.3.3), for sets of any size: (i) Z meets every directed path from X to Y; (ii) no back-door path from
/// X to Z is open; (iii) X blocks every back-door path from Z to Y. For sets, a back-door path of Z is one in the graph without the edges out of all of Z.
/// </remarks>
public static class FrontDoor
{
    /// <inheritdoc cref="BackDoor.Holds"/>
    public static bool Holds(CausalGraph graph, VariableSet x, VariableSet y, VariableSet z)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y), (nameof(z), z));
        return Intercepts(graph, x, y, z)                                       // (i)
            && graph.WithoutOutgoing(x).Separates(x, z, VariableSet.Empty)      // (ii)
            && graph.WithoutOutgoing(z).Separates(z, y, x);                     // (iii)
    }

    /// <summary>All sets, of any size, that meet the criterion and have no smaller part that does, as they are found.</summary>
    /// <remarks>
    /// Sets that meet (iii) stay so under unions: the union removes more edges, so that a path open in its graph is open in theirs. So every set of
    /// variables has one largest part that meets (ii) and (iii), and a part that meets (i) as well exists if and only if this one does (as in Jeong, Tian and
    /// Bareinboim 2022, NeurIPS, arXiv:2210.05816). Dropping variables while that holds gives a minimal set; every other one lacks a
    /// member of it, which divides what is left to search. The worst case remains exponential.
    /// </remarks>
    /// <inheritdoc cref="BackDoor.MinimalSets"/>
    public static IEnumerable<VariableSet> MinimalSets(CausalGraph graph, VariableSet x, VariableSet y, VariableSet? among = null)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y));
        graph.CheckDisjoint((nameof(among), among ??= graph.Variables));
        return List(graph, x, y, VariableSet.Empty, among - x - y);
    }

    /// <summary>The minimal sets with all of <paramref name="included"/> and nothing outside <paramref name="allowed"/>.</summary>
    private static IEnumerable<VariableSet> List(CausalGraph graph, VariableSet x, VariableSet y, VariableSet included, VariableSet allowed)
    {
        allowed = Largest(graph, x, y, allowed);
        if (!included.IsSubsetOf(allowed) || !Intercepts(graph, x, y, allowed))
        {
            yield break;
        }

        VariableSet minimal = allowed;
        foreach (string candidate in allowed)
        {
            VariableSet rest = Largest(graph, x, y, minimal - candidate);
            minimal = minimal.Contains(candidate) && Intercepts(graph, x, y, rest) ? rest : minimal;
        }

        if (included.IsSubsetOf(minimal))
        {
            yield return minimal;
        }

        foreach (string lacking in minimal - included)
        {
            foreach (VariableSet found in List(graph, x, y, included, allowed - lacking))
            {
                yield return found;
            }

            included |= lacking;
        }
    }

    /// <summary>The largest part of a set that meets (ii) and (iii).</summary>
    private static VariableSet Largest(CausalGraph graph, VariableSet x, VariableSet y, VariableSet of)
    {
        VariableSet part = of - graph.WithoutOutgoing(x).ConnectedWith(x, VariableSet.Empty);
        while (true)
        {
            // A member with an open path to Y has it in the graph of every smaller part too, which has more edges.
            VariableSet kept = part - graph.WithoutOutgoing(part).ConnectedWith(y, given: x);
            if (kept == part)
            {
                return part;
            }

            part = kept;
        }
    }

    private static bool Intercepts(CausalGraph graph, VariableSet x, VariableSet y, VariableSet z) =>
        !graph.Induced(graph.Variables - z).Descendants(x).Overlaps(y);
}
