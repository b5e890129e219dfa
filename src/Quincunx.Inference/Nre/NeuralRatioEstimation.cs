using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nre;

/// <summary>Learns the ratio of likelihood to evidence, p(x | theta) / p(x), by classification (see <see cref="RatioLoss"/>).</summary>
/// <remarks>
/// <para>
/// Parameters may come from the prior or from any proposal, several rounds of proposals mixed included. Those that an x is contrasted with come from the same rows, so the output is log p(x | theta) / p̃(x) with the
/// evidence p̃(x) under what was proposed: another function of x alone. Prior times ratio is the posterior at an observation whatever the proposal was, wherever it has put draws (Hermans et al. 2020, section 3; Durkan et al. 2020).
/// </para>
/// <para>
/// Balance (Delaunoy et al. 2022, arXiv:2208.13624; with several contrasts: Delaunoy et al. 2023, arXiv:2304.10978): a classifier σ(log r) is balanced where its mean over joint pairs and its mean over pairs of marginals add up to 1, as they do for the exact one. A balanced
/// one is on average the less sure of the two, which makes posteriors wider rather than narrower. λ times the squared excess is added to the loss, with means over each part of a batch.
/// </para>
/// </remarks>
public static class NeuralRatioEstimation
{
    /// <summary>Settings that serve all tasks of the benchmark. The weight decay is what matters: a classifier soon knows its few pairs by heart, and no other setting was worth as much.</summary>
    public static TrainingOptions DefaultTraining { get; } = new() { LearningRate = 3e-3, Schedule = RateSchedule.Cosine, MaxEpochs = 80, Patience = 80, WeightDecay = 0.4 };

    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, n at least 2.</param>
    /// <param name="xs">Shape <c>[n, features]</c>, row-major, finite (or with gaps, where the options say so): leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Decides the initial weights, the split, the order of batches and the contrasts; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static NreResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
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
        var ratio = new NeuralRatio(bijection, Standardise.Fit(z, d), FeatureScaling.Fit(xs, features, options.Missing, options.Observations.ScaleGroups(features)), options, rng.Split("weights"));
        var pairs = ScaledPairs.InMemory(thetas, d, xs, features, ratio.ScaleTheta, ratio.Scaling.Apply);
        return new NreResult(ratio, Trainer.Run(new NreTask(ratio, pairs), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    public static NeuralRatio Untrained(SupportBijection bijection, int features, NeuralRatioOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        return new NeuralRatio(bijection, new Standardise(bijection.Dimension), new FeatureScaling(features), options, new Rng(0));
    }
}
