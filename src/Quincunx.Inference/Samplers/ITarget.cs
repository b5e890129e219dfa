namespace Quincunx.Inference.Samplers;

/// <summary>The log of a density up to a constant, evaluated at many points at once: what samplers sample from.</summary>
/// <remarks>
/// Negative infinity where the density is 0. NaN and positive infinity are failures: samplers treat such points as having density 0 and count them. The density at a point must not depend on the
/// other points of a call. Called by one thread at a time.
/// </remarks>
public interface ITarget
{
    /// <summary>Number of coordinates d, at least 1.</summary>
    int Dimension { get; }

    /// <param name="points">Shape <c>[n, d]</c>, row-major, for any n.</param>
    /// <param name="logDensities">Shape <c>[n]</c>, overwritten.</param>
    void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities);
}
