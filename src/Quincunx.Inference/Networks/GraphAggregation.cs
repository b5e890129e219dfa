namespace Quincunx.Inference.Networks;

/// <summary>How a <see cref="GraphBlock"/> gathers the edges of a node, and the edges and nodes of a graph; of none it is 0.</summary>
public enum GraphAggregation
{
    /// <summary>Their sum: how many there are counts, as in forces and energies.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest of each feature.</summary>
    Max,
}
