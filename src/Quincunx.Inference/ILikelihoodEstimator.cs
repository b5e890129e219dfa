namespace Quincunx.Inference;

/// <summary>What a network has learned about p(x | theta): its logarithm, up to a term that does not depend on theta.</summary>
/// <remarks>
/// A learned likelihood is one, and so is a learned ratio log p(x | theta) / p(x). With a prior either gives a posterior. All arrays are row-major. Implementations may be called by one thread
/// at a time only.
/// </remarks>
public interface ILikelihoodEstimator
{
    /// <summary>Number of parameters d.</summary>
    int Dimension { get; }

    /// <summary>Length k of an observation.</summary>
    int Features { get; }

    /// <summary>Whether the numbers are logs of densities of x that integrate to one.</summary>
    bool IsNormalised { get; }

    /// <summary>At many parameters for one observation.</summary>
    /// <param name="x">One observation, <c>[k]</c>, finite.</param>
    /// <param name="thetas"><c>[n, d]</c>, inside the prior's support.</param>
    /// <param name="logs"><c>[n]</c>, overwritten.</param>
    void LogLikelihood(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs);

    /// <summary>At pairs: one observation and one parameter vector a row.</summary>
    /// <param name="thetas"><c>[n, d]</c>, inside the prior's support.</param>
    /// <param name="xs"><c>[n, k]</c>, finite.</param>
    /// <param name="logs"><c>[n]</c>, overwritten.</param>
    void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs);

    /// <summary>At pairs, with the gradient in theta: what Hamiltonian samplers need.</summary>
    /// <param name="thetas"><c>[n, d]</c>, inside the prior's support.</param>
    /// <param name="xs"><c>[n, k]</c>, finite.</param>
    /// <param name="logs"><c>[n]</c>, overwritten.</param>
    /// <param name="gradients"><c>[n, d]</c>, overwritten: d log / d theta.</param>
    void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients);
}
