using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>The affine-invariant ensemble: walkers move along the lines to each other, so that scales and correlations need not be known.</summary>
/// <remarks>
/// Stretch moves of Goodman and Weare 2010 (Comm. App. Math. Comp. Sci. 5, 65), half of the walkers at a time against the other half (Foreman-Mackey et al. 2013, arXiv:1202.3665), mixed with differential evolution (ter Braak 2006, Stat. Comput. 16, 239). One
/// evaluation an iteration and walker. Walkers of an ensemble depend on each other: effective draws and errors are those of their mean. Above some ten dimensions the moves hardly mix.
/// </remarks>
public static class EnsembleSampler
{
    /// <inheritdoc cref="HamiltonianMonteCarlo.Run"/>
    /// <param name="start">Where each walker begins, shape <c>[walkers, d]</c>, in general position; an even number of them, at least 2 d + 2 and 6.</param>
    public static ChainResult Run(
        ITarget target, ReadOnlySpan<double> start, Rng rng, EnsembleOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        EnsembleOptions o = (options ?? new EnsembleOptions()).Checked();
        var state = new ChainState(start, target.Dimension, rng);
        if (state.Chains % 2 != 0 || state.Chains < Math.Max(6, 2 * target.Dimension + 2))
        {
            throw new ArgumentException($"Expected an even number of walkers, at least {Math.Max(6, 2 * target.Dimension + 2)} in {target.Dimension} dimensions, got {state.Chains}.", nameof(start));
        }

        var counted = new CountedTarget(target, cancel);
        counted.Evaluate(state.Points, state.LogDensities);
        return ChainRun.Run(state, counted, new EnsembleTransition(state, counted, o), o, progress, EnsembleSummary.Of);
    }
}
