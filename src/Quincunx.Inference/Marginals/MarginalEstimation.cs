using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Marginals;

/// <summary>Learns quantiles, mean and variance of each parameter given x, by scores that are least on average at the truth.</summary>
public static class MarginalEstimation
{
    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior, with finite variance.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite: leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static MarginalResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        MarginalEstimationOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        PosteriorCoordinates coordinates = PosteriorCoordinates.Fit(bijection, thetas, xs, features);
        int d = coordinates.Dimension;
        var plain = Standardise.Fit(thetas, d);
        double[] both = new double[2 * thetas.Length];
        for (int i = 0; i < thetas.Length / d; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * d, d);
            coordinates.ScaleTheta(theta, both.AsSpan(2 * i * d, d));
            plain.Apply(theta, both.AsSpan(((2 * i) + 1) * d, d));
        }

        var estimator = new MarginalEstimator(coordinates, plain, options.Checked(), rng.Split("weights"));
        var pairs = ScaledPairs.InMemory(both, 2 * d, xs, features, (from, to) => from.CopyTo(to), coordinates.X.Apply);
        var task = new NpeTask(estimator, estimator.Merit, 2 * d, features, pairs);
        return new MarginalResult(estimator, Trainer.Run(task, training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MarginalEstimator Untrained(SupportBijection bijection, int features, MarginalEstimationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new MarginalEstimator(PosteriorCoordinates.Untrained(bijection, features), new Standardise(bijection.Dimension), options.Checked(), new Rng(0));
    }
}
