using Quincunx.Numerics.Random;

namespace Quincunx.Inference;

/// <summary>An amortised posterior: q(theta | x) for any observation x.</summary>
/// <remarks>All arrays are row-major. Implementations may be called by one thread at a time only.</remarks>
public interface IPosteriorEstimator
{
    /// <summary>Number of parameters d.</summary>
    int Dimension { get; }

    /// <summary>Whether log-densities are those of densities that integrate to one; otherwise a constant is missing that depends on x alone.</summary>
    bool IsNormalised { get; }

    /// <summary>Draws from q(theta | x).</summary>
    /// <param name="x">One observation, <c>[k]</c>.</param>
    /// <param name="thetas"><c>[count, d]</c>, overwritten.</param>
    /// <param name="rng">Advanced by the draws.</param>
    void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng);

    /// <summary>log q(theta | x) of many parameters at one observation; negative infinity outside the support, NaN for NaN.</summary>
    /// <param name="x">One observation, <c>[k]</c>.</param>
    /// <param name="thetas"><c>[count, d]</c>.</param>
    /// <param name="logProbs"><c>[count]</c>, overwritten.</param>
    void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs);

    /// <summary>log q(thetaᵢ | xᵢ): one pair a row.</summary>
    /// <param name="thetas"><c>[pairs, d]</c>.</param>
    /// <param name="xs"><c>[pairs, k]</c>.</param>
    /// <param name="logProbs"><c>[pairs]</c>, overwritten.</param>
    void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs);

    /// <summary>Draws for many observations at once.</summary>
    /// <param name="xs"><c>[pairs, k]</c>.</param>
    /// <param name="count">Draws for each observation.</param>
    /// <param name="thetas"><c>[pairs, count, d]</c>, overwritten.</param>
    /// <param name="rng">Advanced by the draws.</param>
    void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng);
}
