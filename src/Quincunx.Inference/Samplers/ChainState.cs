using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Where all chains are, each with a stream of random numbers of its own.</summary>
internal sealed class ChainState
{
    /// <exception cref="ArgumentException">The start is not a number of whole rows, or not finite.</exception>
    public ChainState(ReadOnlySpan<double> start, int dimension, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (start.IsEmpty || start.Length % dimension != 0)
        {
            throw new ArgumentException($"Expected a start for each chain, shape [chains, {dimension}], got {start.Length} numbers.", nameof(start));
        }

        for (int i = 0; i < start.Length; i++)
        {
            if (!double.IsFinite(start[i]))
            {
                throw new ArgumentException($"Expected finite starts, got {start[i]} in chain {i / dimension}, coordinate {i % dimension}.", nameof(start));
            }
        }

        (Dimension, Chains, Points) = (dimension, start.Length / dimension, start.ToArray());
        LogDensities = new double[Chains];
        Streams = [.. Enumerable.Range(0, Chains).Select(c => rng.Split("chain").Split(c))];
    }

    public int Dimension { get; }

    public int Chains { get; }

    /// <summary>Shape <c>[chains, d]</c>.</summary>
    public double[] Points { get; }

    public double[] LogDensities { get; }

    public Rng[] Streams { get; }

    public Span<double> Point(int chain) => Points.AsSpan(chain * Dimension, Dimension);
}
