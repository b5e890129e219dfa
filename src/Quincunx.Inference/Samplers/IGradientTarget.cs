namespace Quincunx.Inference.Samplers;

/// <summary>A target with derivatives, which Hamiltonian samplers need.</summary>
public interface IGradientTarget : ITarget
{
    /// <param name="points">Shape <c>[n, d]</c>, row-major, for any n.</param>
    /// <param name="logDensities">Shape <c>[n]</c>, overwritten.</param>
    /// <param name="gradients">Shape <c>[n, d]</c>, overwritten. Anything where the density is 0; where it is not, a number that is not finite counts as a failure at that point.</param>
    void EvaluateWithGradient(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients);
}
