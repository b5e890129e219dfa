using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Slice sampling of many chains at once: no gradient, nothing to tune, no rejection.</summary>
/// <remarks>Neal 2003, Ann. Statist. 31, 705. An iteration is d moves along lines; each takes about five evaluations, all chains together. The right choice up to some twenty dimensions.</remarks>
public static class SliceSampler
{
    /// <inheritdoc cref="HamiltonianMonteCarlo.Run"/>
    public static ChainResult Run(
        ITarget target, ReadOnlySpan<double> start, Rng rng, SliceOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        SliceOptions o = (options ?? new SliceOptions()).Checked();
        var state = new ChainState(start, target.Dimension, rng);
        var counted = new CountedTarget(target, cancel);
        counted.Evaluate(state.Points, state.LogDensities);
        return ChainRun.Run(state, counted, new SliceTransition(state, counted, o), o, progress);
    }
}
