using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>A probability distribution over vectors of fixed length, in float64.</summary>
public interface IDistribution
{
    /// <summary>Length of a draw.</summary>
    int Dimension { get; }

    /// <summary>Where the density is positive; shape <c>[Dimension]</c>, one interval a coordinate.</summary>
    IReadOnlyList<Support> Supports { get; }

    /// <summary>Whether <see cref="LogProb"/> may be asked; false for what is known by its draws alone, and for what is made of such.</summary>
    bool HasDensity => true;

    /// <summary>Log-density (log-probability if discrete), normalised; negative infinity outside the support, NaN for NaN.</summary>
    /// <exception cref="NotSupportedException">There is none (<see cref="HasDensity"/>).</exception>
    double LogProb(ReadOnlySpan<double> x);

    /// <summary>Draws one vector into <paramref name="x"/>.</summary>
    void Sample(Span<double> x, Rng rng);
}
