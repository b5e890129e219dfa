using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>A random change of parameters and outputs after which the pair is as likely as before: a symmetry of prior and simulator, by which one stored simulation stands for many.</summary>
/// <remarks>
/// Training changes every row anew in each step. What is learned is then the posterior of the stored pairs and of all that they are changed to, which is right only where prior and simulator have the symmetry: where
/// (theta, x) has the distribution of its change. Implementations are called from many threads at once and keep no state between calls.
/// </remarks>
public interface IAugmentation
{
    /// <param name="theta">Shape <c>[d]</c>; changed in place, within the prior's support.</param>
    /// <param name="output">Of the simulator, before the measurement; changed in place, finite.</param>
    void Change(Span<double> theta, Span<double> output, Rng rng);
}
