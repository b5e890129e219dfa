using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>The no-U-turn sampler: Hamiltonian trajectories that double until they turn back, with nothing to tune.</summary>
/// <remarks>
/// Hoffman and Gelman 2014 (arXiv:1111.4246), with multinomial draws from the trajectory and the generalised criterion of Betancourt 2017 (arXiv:1701.02434, appendix A), checked between neighbouring halves too. Chains advance in
/// lockstep: each tick is one leapfrog step of every chain that has not finished its trajectory, with one evaluation of all gradients. Step size and metric are learned by all chains together.
/// </remarks>
public static class Nuts
{
    /// <inheritdoc cref="HamiltonianMonteCarlo.Run"/>
    public static ChainResult Run(
        IGradientTarget target, ReadOnlySpan<double> start, Rng rng, NutsOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        NutsOptions o = (options ?? new NutsOptions()).Checked();
        var state = new ChainState(start, target.Dimension, rng);
        var counted = new CountedTarget(target, cancel);
        return ChainRun.Run(state, counted, new NutsTransition(state, counted, o), o, progress);
    }
}
