namespace Quincunx.Inference.Pilots;

/// <summary>A first, normal estimate of the parameters at one observation, which a network then corrects.</summary>
/// <remarks>
/// An estimate is a function of the observation alone and need not be right: it chooses coordinates in which the network learns the posterior (those in which a normal distribution of this mean and precision, cut off at the edges of the prior, is a standard normal one), so that a bad estimate costs precision and not correctness.
/// Implementations are called from many threads at once and keep no state between calls.
/// </remarks>
public interface IPilot
{
    /// <summary>Number of parameters d.</summary>
    int Dimension { get; }

    /// <summary>Length of an observation, its context included.</summary>
    int Features { get; }

    /// <summary>Numbers that the network sees of an observation besides the estimate.</summary>
    int Summaries { get; }

    /// <param name="x">One observation with its context, shape <c>[Features]</c>.</param>
    /// <param name="location">m, of the parameters as the prior has them, and possibly outside its support; shape <c>[d]</c>, overwritten with finite numbers.</param>
    /// <param name="factor">Lower triangular L, where L Lᵀ is the precision; shape <c>[d, d]</c>, finite and positive on the diagonal. What is above the diagonal is not looked at.</param>
    /// <param name="summaries">Shape <c>[Summaries]</c>; overwritten with finite numbers.</param>
    void Estimate(ReadOnlySpan<double> x, Span<double> location, Span<double> factor, Span<double> summaries);
}
