using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Hamiltonian Monte Carlo with trajectories of a given length: leapfrog steps along the gradient, then accepted or not.</summary>
/// <remarks>Duane, Kennedy, Pendleton, Roweth 1987, Phys. Lett. B 195, 216; Neal 2011 (arXiv:1206.1901). A trajectory has the same number of steps in all chains, so that all gradients of a step are one evaluation.</remarks>
public static class HamiltonianMonteCarlo
{
    /// <param name="start">Where each chain begins, shape <c>[chains, d]</c>, finite; the density must be positive there.</param>
    /// <param name="rng">Split, not advanced: the result is a function of the stream.</param>
    /// <exception cref="ArgumentException">An option or the start is not as said.</exception>
    public static ChainResult Run(
        IGradientTarget target, ReadOnlySpan<double> start, Rng rng, HmcOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        HmcOptions o = (options ?? new HmcOptions()).Checked();
        var state = new ChainState(start, target.Dimension, rng);
        var counted = new CountedTarget(target, cancel);
        return ChainRun.Run(state, counted, new HmcTransition(state, counted, o, rng.Split("lengths")), o, progress);
    }
}
