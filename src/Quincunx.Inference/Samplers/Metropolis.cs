using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Random-walk Metropolis with Gaussian proposals whose covariance and size the warm-up learns.</summary>
/// <remarks>
/// Haario, Saksman, Tamminen 2001, Bernoulli 7, 223; the size aims at an acceptance of 0.234 (0.44 in one dimension: Roberts and Rosenthal 2001) by Robbins-Monro steps. One evaluation an iteration and chain: about 10 d iterations
/// make an independent draw even of a Gaussian, so thin.
/// </remarks>
public static class Metropolis
{
    /// <inheritdoc cref="HamiltonianMonteCarlo.Run"/>
    public static ChainResult Run(
        ITarget target, ReadOnlySpan<double> start, Rng rng, MetropolisOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        MetropolisOptions o = (options ?? new MetropolisOptions()).Checked(target.Dimension);
        var state = new ChainState(start, target.Dimension, rng);
        var counted = new CountedTarget(target, cancel);
        counted.Evaluate(state.Points, state.LogDensities);
        return ChainRun.Run(state, counted, new MetropolisTransition(state, counted, o), o, progress);
    }
}
