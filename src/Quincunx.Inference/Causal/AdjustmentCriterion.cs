namespace Quincunx.Inference.Causal;

/// <summary>The complete criterion for adjustment: Z meets it if and only if P(y | do(x)) = Σ_z P(y | x, z) P(z) in every model of the diagram.</summary>
/// <remarks>
/// Shpitser, VanderWeele and Robins 2010, UAI, 527, in the form of van der Zander, Liśkiewicz and Textor 2019, Artif. Intell. 270, 1, who treat
/// bidirected edges as well: no member of Z is a descendant of a variable on a proper causal path from X to Y (one that meets X at its start alone), X apart;
/// and Z separates X from Y once the first edge of each such path is removed. It allows some descendants of X, which the back-door criterion does not.
/// </remarks>
public static class AdjustmentCriterion
{
    /// <inheritdoc cref="BackDoor.Holds"/>
    public static bool Holds(CausalGraph graph, VariableSet x, VariableSet y, VariableSet z)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y), (nameof(z), z));
        VariableSet causal = ProperCausal(graph, x, y);
        return !graph.Descendants(causal).Overlaps(z) && ProperBackDoorGraph(graph, x, causal).Separates(x, y, z);
    }

    /// <inheritdoc cref="BackDoor.MinimalSets"/>
    public static IEnumerable<VariableSet> MinimalSets(CausalGraph graph, VariableSet x, VariableSet y, VariableSet? among = null)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y));
        graph.CheckDisjoint((nameof(among), among ??= graph.Variables));
        VariableSet causal = ProperCausal(graph, x, y);
        return MinimalSeparators.Of(ProperBackDoorGraph(graph, x, causal), x, y, among - graph.Descendants(causal) - x - y);
    }

    // Reached from X, and reaching Y, without coming through X.
    private static VariableSet ProperCausal(CausalGraph graph, VariableSet x, VariableSet y) =>
        (graph.WithoutIncoming(x).Descendants(x) - x) & graph.WithoutOutgoing(x).Ancestors(y);

    private static CausalGraph ProperBackDoorGraph(CausalGraph graph, VariableSet x, VariableSet causal) =>
        graph.Filtered(edge => !(x.Contains(edge.Cause) && causal.Contains(edge.Effect)), _ => true);
}
