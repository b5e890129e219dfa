using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nre;

/// <summary>Learns p(x | theta) / p(x | reference) by a classifier with theta among its inputs (CARL: Cranmer, Pavez and Louppe 2015, arXiv:1506.02169).</summary>
/// <remarks>
/// The output is the log-ratio of two likelihoods, both of which integrate to one over x: differences of it test hypotheses, and with a prior it gives a posterior. It is as good as the classifier; <see cref="CalibratedRatio"/> makes
/// it good at one theta by further simulations there. Simulations of the reference should reach wherever those of any theta do.
/// </remarks>
public static class ReferenceRatioEstimation
{
    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the support of theta.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, from any distribution that covers where ratios are wanted; n at least 2.</param>
    /// <param name="xs">Shape <c>[n, features]</c>, row-major, finite (or with gaps, where the options say so): one simulation at each theta.</param>
    /// <param name="references">Shape <c>[n, features]</c>, row-major, finite: as many simulations at the reference.</param>
    /// <param name="options">Of the network; its loss is <see cref="RatioLoss.Binary"/>, contrasts are the thetas that each simulation of the reference meets, and balance is not used.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static NreResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        ReadOnlySpan<double> references,
        int features,
        NeuralRatioOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        int d = bijection.Dimension, n = PairRows.Count(d, thetas, features, xs, fewest: 2);
        if (references.Length != xs.Length)
        {
            throw new ArgumentException($"Expected {n} rows of {features} outputs at the reference, got {references.Length} numbers.", nameof(references));
        }

        PairRows.CheckFinite(xs, features, nameof(xs), options.Missing);
        PairRows.CheckFinite(references, features, nameof(references), options.Missing);
        double[] z = new double[thetas.Length], both = new double[2 * xs.Length];
        bijection.ToUnconstrained(thetas, z);
        for (int i = 0; i < n; i++)
        {
            xs.Slice(i * features, features).CopyTo(both.AsSpan(2 * i * features));
            references.Slice(i * features, features).CopyTo(both.AsSpan(((2 * i) + 1) * features));
        }

        NeuralRatioOptions binary = options with { Loss = RatioLoss.Binary, Balance = 0 };
        var ratio = new NeuralRatio(bijection, Standardise.Fit(z, d), FeatureScaling.Fit(both, features, options.Missing, options.Observations.ScaleGroups(features)), binary, rng.Split("weights"));
        var triples = ScaledPairs.InMemory(thetas, d, both, 2 * features, ratio.ScaleTheta, ratio.Scaling.Apply);
        return new NreResult(ratio, Trainer.Run(new ReferenceTask(ratio, triples), training, rng.Split("training"), progress, checkpoints, cancel));
    }
}
