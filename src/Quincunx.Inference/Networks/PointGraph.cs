using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Points in space that carry features, joined by directed edges: particles, atoms, bodies. Several graphs stand in one as parts without edges between them.</summary>
/// <param name="Positions">Shape <c>[points, d]</c>, any d.</param>
/// <param name="Features">Shape <c>[points, f]</c>: what no rotation changes, such as charges.</param>
/// <param name="Senders">Shape <c>[edges]</c>: the point that each edge leaves.</param>
/// <param name="Receivers">Shape <c>[edges]</c>: the point that it enters.</param>
public sealed record PointGraph(Tensor Positions, Tensor Features, Indices Senders, Indices Receivers)
{
    /// <summary>Shape <c>[edges, e]</c>: what no rotation changes; null for none.</summary>
    public Tensor? EdgeFeatures { get; init; }

    /// <summary>Shape <c>[points, d]</c>; null for points without velocities.</summary>
    public Tensor? Velocities { get; init; }

    /// <summary>Number of points.</summary>
    public int Points => Positions.Shape[0];

    /// <summary>The edges from every point to every other of the same graph, by receiver.</summary>
    /// <param name="points">Of each graph.</param>
    /// <param name="graphs">Graphs of that size, one after the other.</param>
    public static (Indices Senders, Indices Receivers) AllPairs(int points, int graphs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(graphs);
        int[] senders = new int[graphs * points * (points - 1)], receivers = new int[senders.Length];
        int edge = 0;
        for (int receiver = 0; receiver < graphs * points; receiver++)
        {
            int first = receiver - (receiver % points);
            for (int sender = first; sender < first + points; sender++)
            {
                if (sender != receiver)
                {
                    (senders[edge], receivers[edge]) = (sender, receiver);
                    edge++;
                }
            }
        }

        return (senders, receivers);
    }
}
