using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Importance;

/// <summary>Corrects any amortised posterior q(theta | x) by importance weights that a classifier estimates from simulations, in rounds (sequential ratio estimation).</summary>
/// <remarks>
/// <para>
/// Parameters that made an x are told from draws of q at the same x. The best classifier's log-odds are log p(theta | x) / q(theta | x) (Cranmer, Pavez and Louppe 2015; to check posteriors in this way: Yao and Domke 2023, arXiv:2305.14593). A further
/// round weighs the draws of q by the ratios so far, and so learns what these have left over; ratios are multiplied. No density of q is needed, no likelihood, and no further simulation.
/// </para>
/// <para>
/// A round is kept only where its classifier beats chance on pairs that it has not seen. Where q is right already no classifier can: cross-entropy is a proper score, so the expected gain is at most zero whatever was learned, and q stays as it is.
/// </para>
/// <para>
/// The pairs should be others than q was trained on. A network has drawn its density towards the pairs it has seen, whose parameters lie nearer to its centre than its draws do: q looks too wide beside them, and would be made narrower.
/// </para>
/// </remarks>
public static class ClassifierReweighting
{
    private const int FewestPairs = 50;

    /// <summary>Trains rounds until one finds nothing.</summary>
    /// <param name="posterior">To be corrected; it is kept, not copied.</param>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior; n at least 50.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite.</param>
    /// <param name="rng">Split, not advanced.</param>
    /// <param name="progress">Of the training of each round in turn.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static ClassifierReweightingResult Train(
        IPosteriorEstimator posterior,
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        ClassifierReweightingOptions options,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        ClassifierReweightingOptions settings = options.Checked();
        CheckDimensions(posterior, bijection);
        int d = bijection.Dimension, n = PairRows.Count(d, thetas, features, xs, FewestPairs), test = Math.Clamp((int)Math.Round(settings.HeldOut * n), 2, n - 2);
        PairRows.CheckFinite(xs, features, nameof(xs));
        bijection.ToUnconstrained(thetas, new double[thetas.Length]);

        // Rows come in any order that the caller made them in.
        int[] order = rng.Split("split").Permutation(n);
        double[] own = Rows(thetas, d, order), observations = Rows(xs, features, order);
        var contrasts = ContrastDraws.Of(posterior, bijection, own, observations, n, settings.Contrasts, rng.Split("contrasts"));
        List<ClassifierRound> rounds = [];
        List<NeuralRatio> kept = [];
        ClassifierStop? stop = contrasts.FailedShare > 0.5 ? ClassifierStop.DrawsFailed : null;
        while (stop is null)
        {
            Rng stream = rng.Split("round").Split(rounds.Count);
            NreResult round = TrainRound(bijection, contrasts, observations, features, n - test, settings, stream, progress, cancel);
            if (round.Training.StopReason is StopReason.Cancelled or StopReason.Diverged)
            {
                stop = round.Training.StopReason == StopReason.Cancelled ? ClassifierStop.Cancelled : ClassifierStop.Diverged;
                rounds.Add(new ClassifierRound(round.Training, double.NaN, double.NaN, false, contrasts.Weights(n - test)));
                break;
            }

            (double gain, double error) = Gain(round.Ratio, contrasts, observations, features, n - test);
            contrasts.Multiply(round.Ratio, observations);
            bool better = gain > settings.Errors * error;
            rounds.Add(new ClassifierRound(round.Training, gain, error, better, contrasts.Weights(n - test)));
            if (better)
            {
                kept.Add(round.Ratio);
            }

            stop = !better ? ClassifierStop.NothingLeft : rounds.Count == settings.Rounds ? ClassifierStop.RoundsExhausted : null;
        }

        return ClassifierReweightingResult.Of(new ClassifierPosterior(posterior, bijection, features, [.. kept], settings.PoolFactor), stop.Value, rounds, contrasts.FailedShare);
    }

    /// <summary>A posterior of the same shape, to import stored weights into.</summary>
    /// <param name="posterior">Of the same shape as the one that was corrected.</param>
    /// <param name="rounds">How many were kept.</param>
    /// <exception cref="ArgumentException">Dimensions differ, or an option is out of its range.</exception>
    public static ClassifierPosterior Untrained(IPosteriorEstimator posterior, SupportBijection bijection, int features, int rounds, ClassifierReweightingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        CheckDimensions(posterior, bijection);
        ClassifierReweightingOptions settings = options.Checked();
        NeuralRatio[] ratios = [.. Enumerable.Range(0, rounds).Select(_ => NeuralRatioEstimation.Untrained(bijection, features, settings.Network))];
        return new ClassifierPosterior(posterior, bijection, features, ratios, settings.PoolFactor);
    }

    private static void CheckDimensions(IPosteriorEstimator posterior, SupportBijection bijection)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(bijection);
        if (posterior.Dimension != bijection.Dimension)
        {
            throw new ArgumentException($"Expected a posterior of {bijection.Dimension} parameters, got {posterior.Dimension}.", nameof(posterior));
        }
    }

    private static NreResult TrainRound(
        SupportBijection bijection, ContrastDraws contrasts, double[] observations, int features, int count, ClassifierReweightingOptions settings, Rng rng, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        int d = bijection.Dimension;
        (double[] candidates, double[] weights) = contrasts.Candidates(count);
        double[] z = new double[candidates.Length];
        bijection.ToUnconstrained(candidates, z);
        ReadOnlySpan<double> xs = observations.AsSpan(0, count * features);
        var ratio = new NeuralRatio(bijection, Standardise.Fit(z, d), FeatureScaling.Fit(xs, features, groups: settings.Network.Observations.ScaleGroups(features)), settings.Network, rng.Split("weights"));
        var pairs = ScaledPairs.InMemory(contrasts.Own.AsSpan(0, count * d), d, xs, features, ratio.ScaleTheta, ratio.Scaling.Apply);
        var weighted = ScaledPairs.InMemory(candidates, d, weights, 1, ratio.ScaleTheta, (from, to) => from.CopyTo(to));
        var task = new ContrastTask(ratio, pairs, weighted, contrasts.Each);
        return new NreResult(ratio, Trainer.Run(task, settings.Training, rng.Split("training"), progress, cancel: cancel));
    }

    // Of a pair: log 2 minus the loss for its own parameters, and the same for its contrasts, weighted, on average over them.
    private static (double Mean, double Error) Gain(NeuralRatio ratio, ContrastDraws contrasts, double[] observations, int features, int from)
    {
        int d = contrasts.Dimension, count = contrasts.Count - from;
        ReadOnlySpan<double> xs = observations.AsSpan(from * features);
        double[] gains = new double[count], logs = new double[count];
        ratio.LogLikelihoodPairs(contrasts.Own.AsSpan(from * d), xs, logs);
        for (int i = 0; i < count; i++)
        {
            gains[i] = Math.Log(2) - SpecialFunctions.Softplus(-logs[i]);
        }

        for (int j = 0; j < contrasts.Each; j++)
        {
            ratio.LogLikelihoodPairs(contrasts.Draws(j).AsSpan(from * d), xs, logs);
            for (int i = 0; i < count; i++)
            {
                double w = contrasts.Weight(from + i, j);
                gains[i] += w == 0 ? 0 : w * (Math.Log(2) - SpecialFunctions.Softplus(logs[i])) / contrasts.Each;
            }
        }

        double mean = gains.Average();
        return (mean, Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / (count - 1) / count));
    }

    private static double[] Rows(ReadOnlySpan<double> source, int width, int[] order)
    {
        double[] rows = new double[source.Length];
        for (int i = 0; i < order.Length; i++)
        {
            source.Slice(order[i] * width, width).CopyTo(rows.AsSpan(i * width));
        }

        return rows;
    }
}
