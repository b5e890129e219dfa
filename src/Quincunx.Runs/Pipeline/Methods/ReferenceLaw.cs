using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary>Parameters of which every other one, by a coin, is the reference hypothesis exactly: a round that gives both classes of a classifier their simulations.</summary>
/// <remarks>It has no density: the reference is a point.</remarks>
internal sealed class ReferenceLaw(IDistribution others, double[] reference) : IDistribution
{
    /// <summary>Share of draws that are the reference.</summary>
    public const double Share = 0.5;

    /// <summary>What the other draws are of.</summary>
    public IDistribution Others => others;

    public int Dimension => Others.Dimension;

    public IReadOnlyList<Support> Supports => Others.Supports;

    public bool HasDensity => false;

    public double LogProb(ReadOnlySpan<double> x) => throw new NotSupportedException("A law with a point of its own has no density.");

    public void Sample(Span<double> x, Rng rng)
    {
        if (rng.NextDouble() < Share)
        {
            reference.CopyTo(x);
        }
        else
        {
            Others.Sample(x, rng);
        }
    }
}
