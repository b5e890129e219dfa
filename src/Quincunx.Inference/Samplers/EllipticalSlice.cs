using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Elliptical slice sampling of a posterior with a Gaussian prior: nothing to tune, no rejection, any dimension as long as the likelihood does not dominate the prior.</summary>
/// <remarks>
/// Murray, Adams, MacKay 2010 (arXiv:1001.0175). A move goes along an ellipse through the point and a draw of the prior, which leaves the prior alone; a slice of the likelihood decides how far. Log-densities of the result are those of the posterior, not normalised.
/// </remarks>
public static class EllipticalSlice
{
    /// <inheritdoc cref="HamiltonianMonteCarlo.Run"/>
    /// <param name="logLikelihood">The target divided by the prior, up to a constant.</param>
    public static ChainResult Run(
        ITarget logLikelihood, MultivariateNormal prior, ReadOnlySpan<double> start, Rng rng, EllipticalSliceOptions? options = null,
        IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(logLikelihood);
        ArgumentNullException.ThrowIfNull(prior);
        EllipticalSliceOptions o = (options ?? new EllipticalSliceOptions()).Checked();
        if (prior.Dimension != logLikelihood.Dimension)
        {
            throw new ArgumentException($"Expected a prior of {logLikelihood.Dimension} coordinates, got {prior.Dimension}.", nameof(prior));
        }

        var state = new ChainState(start, logLikelihood.Dimension, rng);
        var counted = new CountedTarget(logLikelihood, cancel);
        return ChainRun.Run(state, counted, new EllipticalTransition(state, counted, prior), o, progress);
    }
}
