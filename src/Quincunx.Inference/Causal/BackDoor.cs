namespace Quincunx.Inference.Causal;

/// <summary>The back-door criterion: sets z with P(y | do(x)) = Σ_z P(y | x, z) P(z).</summary>
/// <remarks>
/// Pearl 1995, Biometrika 82, 669 (Causality, definition 3.3.1): no member of Z is a descendant of X, and Z blocks every path from X to Y that begins with
/// an arrow into X. For sets X and Y it is read jointly: Z separates X from Y in the graph without the edges out of X. (Pair by pair, as in the book, it asks for
/// more: a path from one member of X through another counts as open.) It is sufficient; <see cref="AdjustmentCriterion"/> is necessary as well.
/// </remarks>
public static class BackDoor
{
    /// <summary>Whether a set meets the criterion.</summary>
    /// <param name="x">What is intervened on.</param>
    /// <param name="y">The outcome.</param>
    /// <param name="z">The set in question.</param>
    /// <exception cref="ArgumentException">A variable is unknown, or in two of the sets.</exception>
    public static bool Holds(CausalGraph graph, VariableSet x, VariableSet y, VariableSet z)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y), (nameof(z), z));
        return !graph.Descendants(x).Overlaps(z) && graph.WithoutOutgoing(x).Separates(x, y, z);
    }

    /// <summary>All sets that meet the criterion and have no smaller part that does, as they are found. There may be exponentially many, each at polynomial cost.</summary>
    /// <param name="among">What was measured; all variables of the graph if null.</param>
    /// <exception cref="ArgumentException">A variable is unknown, or in both x and y.</exception>
    public static IEnumerable<VariableSet> MinimalSets(CausalGraph graph, VariableSet x, VariableSet y, VariableSet? among = null)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y));
        graph.CheckDisjoint((nameof(among), among ??= graph.Variables));
        return MinimalSeparators.Of(graph.WithoutOutgoing(x), x, y, among - graph.Descendants(x) - y);
    }
}
