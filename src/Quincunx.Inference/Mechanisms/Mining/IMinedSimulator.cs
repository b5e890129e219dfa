using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>A simulator that gives, with each event, how likely the event as a whole was: its joint likelihood ratios and its joint score.</summary>
/// <remarks>
/// With z for all that happened inside, r(x, z | θ', θ) = p(x, z | θ') / p(x, z | θ) and t(x, z | θ) = ∇ log p(x, z | θ). Both can be had where p(x | θ)
/// cannot; their means given x are the likelihood ratio and score of x itself (Brehmer, Louppe, Pavez and Cranmer 2018, arXiv:1805.12244).
/// </remarks>
public interface IMinedSimulator : ISimulator
{
    /// <summary>Runs one event, the one <c>Simulate</c> makes of this stream, and mines it.</summary>
    /// <param name="theta">Shape <c>[parameters]</c>: what the event is drawn from.</param>
    /// <param name="hypotheses">Shape <c>[k, parameters]</c>, row-major; may be empty.</param>
    /// <param name="x">Shape <c>[outputs]</c>; overwritten.</param>
    /// <param name="logRatios">
    /// Shape <c>[k]</c>; overwritten with log r(x, z | hypothesis, theta). Negative infinity: this event could not have happened under the hypothesis.
    /// </param>
    /// <param name="score">Shape <c>[parameters]</c>; overwritten with t(x, z | theta). Empty if it is not wanted.</param>
    /// <param name="rng">The stream of this event alone.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="MiningException">The event has no joint density that moves smoothly with theta.</exception>
    void Mine(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, Span<double> x, Span<double> logRatios, Span<double> score, Rng rng);
}
