using Quincunx.Numerics.Random;

namespace Quincunx.Inference;

/// <summary>A posterior at one observation, by whatever method: p(theta | x) or what approximates it.</summary>
/// <remarks>All arrays are row-major. Implementations may be called by one thread at a time only.</remarks>
public interface IPosterior
{
    /// <summary>Number of parameters d.</summary>
    int Dimension { get; }

    /// <summary>Whether <see cref="LogProb"/> is the log of a density that integrates to one; otherwise a constant is missing.</summary>
    bool IsNormalised { get; }

    /// <param name="thetas"><c>[count, d]</c>, overwritten.</param>
    /// <param name="rng">Advanced by the draws.</param>
    void Sample(Span<double> thetas, Rng rng);

    /// <summary>Log-densities of theta; negative infinity outside the support, NaN for NaN.</summary>
    /// <param name="thetas"><c>[count, d]</c>.</param>
    /// <param name="logProbs"><c>[count]</c>, overwritten.</param>
    void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs);
}
