using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nre;

/// <summary>Learns ratios of marginals, all in the same steps (Miller et al. 2021, arXiv:2107.01214): what a corner plot shows, without the joint posterior.</summary>
public static class MarginalRatioEstimation
{
    /// <summary>Trains new networks.</summary>
    /// <param name="bijection">Of the support that thetas were drawn from.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, n at least 2, from the prior or from the prior truncated to a region.</param>
    /// <param name="xs">Shape <c>[n, features]</c>, row-major, finite (or with gaps, where the options say so).</param>
    /// <param name="marginals">Indices of parameters.</param>
    /// <param name="rng">Decides the initial weights, the split, the order of batches and the contrasts; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, a marginal names no parameter, or an option is out of its range.</exception>
    public static MarginalRatioResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        IReadOnlyList<IReadOnlyList<int>> marginals,
        NeuralRatioOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(rng);
        int d = bijection.Dimension;
        _ = PairRows.Count(d, thetas, features, xs, fewest: 2);
        ArgumentNullException.ThrowIfNull(options);
        PairRows.CheckFinite(xs, features, nameof(xs), options.Missing);
        double[] z = new double[thetas.Length];
        bijection.ToUnconstrained(thetas, z);
        var ratios = new MarginalRatios(bijection, Standardise.Fit(z, d), FeatureScaling.Fit(xs, features, options.Missing, options.Observations.ScaleGroups(features)), marginals, options, rng.Split("weights"));
        var pairs = ScaledPairs.InMemory(thetas, d, xs, features, ratios.ScaleTheta, ratios.Scaling.Apply);
        return new MarginalRatioResult(ratios, Trainer.Run(new MarginalRatioTask(ratios, pairs), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>Networks of the same shape, to import stored weights into.</summary>
    public static MarginalRatios Untrained(SupportBijection bijection, int features, IReadOnlyList<IReadOnlyList<int>> marginals, NeuralRatioOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        return new MarginalRatios(bijection, new Standardise(bijection.Dimension), new FeatureScaling(features), marginals, options, new Rng(0));
    }
}
