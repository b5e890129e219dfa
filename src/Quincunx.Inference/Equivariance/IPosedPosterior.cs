using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>p(theta | x, ĝ), learned or exact: what Gibbs iteration alternates with the blur.</summary>
internal interface IPosedPosterior
{
    int Dimension { get; }

    /// <summary>Blurred poses to start from.</summary>
    /// <param name="poses">Shape <c>[n, p]</c>, overwritten.</param>
    void Start(ReadOnlySpan<double> x, Span<double> poses, Rng rng);

    /// <param name="poses">Shape <c>[n, p]</c>.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, overwritten.</param>
    void Sample(ReadOnlySpan<double> x, ReadOnlySpan<double> poses, Span<double> thetas, Rng rng);

    /// <param name="poses">Shape <c>[n, p]</c>, or <c>[p]</c> for all.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>.</param>
    void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> poses, ReadOnlySpan<double> thetas, Span<double> logProbs);
}
