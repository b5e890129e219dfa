using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.MixtureDensity;

/// <summary>Learns p(theta | x) as a mixture of normals with full covariances (Bishop 1994, Aston University NCRG/94/004; for posteriors Papamakarios and Murray 2016, arXiv:1605.06376).</summary>
public static class MixtureDensityEstimation
{
    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior (or from the prior restricted to a region).</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite (or with gaps, where the options say so): leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static MixtureDensityResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        MixtureDensityOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        var posterior = new MixturePosterior(PosteriorCoordinates.Fit(bijection, thetas, xs, features, options.Missing, options.Observations.ScaleGroups(features)), options, rng.Split("weights"));
        var task = new NpeTask(posterior, posterior.LogProbScaled, posterior.Dimension, features, posterior.Coordinates.Pairs(thetas, xs));
        return new MixtureDensityResult(posterior, Trainer.Run(task, training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MixturePosterior Untrained(SupportBijection bijection, int features, MixtureDensityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new MixturePosterior(PosteriorCoordinates.Untrained(bijection, features, options.Missing), options, new Rng(0));
    }
}
