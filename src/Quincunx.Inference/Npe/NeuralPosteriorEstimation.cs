using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Npe;

/// <summary>Learns p(theta | x) from pairs drawn from prior and simulator (Papamakarios and Murray 2016, arXiv:1605.06376).</summary>
public static class NeuralPosteriorEstimation
{
    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior (or from the prior restricted to a region).</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite: leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, or a theta lies outside the support.</exception>
    public static NpeResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        NeuralPosteriorOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        int d = bijection.Dimension;
        if (thetas.Length % d != 0 || xs.Length % features != 0 || thetas.Length / d != xs.Length / features)
        {
            throw new ArgumentException(
                $"Expected as many rows of {d} parameters as of {features} outputs, got {thetas.Length} and {xs.Length} numbers.", nameof(xs));
        }

        double[] z = new double[thetas.Length];
        bijection.ToUnconstrained(thetas, z);
        var posterior = new NeuralPosterior(bijection, Standardise.Fit(z, d), FeatureScaling.Fit(xs, features), options, rng.Split("weights"));
        TrainingResult result = Trainer.Run(new NpeTask(posterior, thetas, xs), training, rng.Split("training"), progress, checkpoints, cancel);
        return new NpeResult(posterior, result);
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    public static NeuralPosterior Untrained(SupportBijection bijection, int features, NeuralPosteriorOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        return new NeuralPosterior(bijection, new Standardise(bijection.Dimension), new FeatureScaling(features), options, new Rng(0));
    }
}
