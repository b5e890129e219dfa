using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Gold;

/// <summary>Learns the score of the outputs at a reference from the joint scores of events drawn there, by squared error (SALLY: Brehmer, Cranmer, Louppe and Pavez 2018, arXiv:1805.00020).</summary>
/// <remarks>
/// The mean of the joint score t(x, z) given x is the score of x, and the least squared error is at the mean. What is learned serves for Fisher information (<see cref="FisherInformation"/>), for estimates near the reference
/// (<see cref="LocalScoreModel"/>) and for likelihood ratios to it (<see cref="LocalRatio"/>).
/// </remarks>
public static class GoldScoreEstimation
{
    /// <summary>How the defaults of <see cref="GoldScoreOptions"/> train well.</summary>
    public static TrainingOptions DefaultTraining { get; } = new() { LearningRate = 3e-3, Schedule = RateSchedule.Cosine, MaxEpochs = 50, Patience = 50, WeightDecay = 0.05, WeightDecayRows = 10_000, BatchSize = 200 };

    /// <summary>Trains a new network.</summary>
    /// <param name="simulations">All drawn at one theta, the reference (<see cref="MinedSimulations.At"/>), with scores.</param>
    /// <param name="reference">That theta. Shape <c>[d]</c>.</param>
    /// <param name="features">Numbers of an observation.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, an event was drawn elsewhere, there are no scores, or an option is out of its range.</exception>
    public static GoldScoreResult Train(
        MinedSimulations simulations,
        double[] reference,
        int features,
        GoldScoreOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(rng);
        options.Checked();
        CheckDrawnAt(simulations, reference, features);
        int d = reference.Length;
        var scoreScale = Standardise.Fit(simulations.Scores, d);
        var score = new NeuralScore(reference, scoreScale, FeatureScaling.Fit(simulations.Xs, features), options, rng.Split("weights"));
        var pairs = ScaledPairs.InMemory(simulations.Scores, d, simulations.Xs, features, scoreScale.Apply, score.ScaleX);
        TrainingResult result = Trainer.Run(new GoldScoreTask(score, pairs), training, rng.Split("training"), progress, checkpoints, cancel);
        score.Centre(simulations.Xs);
        return new GoldScoreResult(score, result, [.. Enumerable.Range(0, d).Select(j => Mean(simulations.Scores, d, j))]);
    }

    /// <summary>A network of the same shape, to import stored weights into; the reference is among them.</summary>
    /// <param name="dimension">Parameters.</param>
    /// <param name="features">Numbers of an observation.</param>
    public static NeuralScore Untrained(int dimension, int features, GoldScoreOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentNullException.ThrowIfNull(options);
        return new NeuralScore(new double[dimension], new Standardise(dimension), new FeatureScaling(features), options.Checked(), new Rng(0));
    }

    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, there are no scores, or an event was drawn elsewhere.</exception>
    internal static void CheckDrawnAt(MinedSimulations simulations, IReadOnlyList<double> reference, int features)
    {
        ArgumentOutOfRangeException.ThrowIfZero(reference.Count, nameof(reference));
        MinedRows.Check(simulations, reference.Count, features, needsScores: true);
        for (int i = 0; i < simulations.Thetas.Length; i++)
        {
            if (!simulations.Thetas[i].Equals(reference[i % reference.Count]) || !double.IsFinite(simulations.Thetas[i]))
            {
                throw new ArgumentException(
                    $"Expected events drawn at the reference alone, got {simulations.Thetas[i]:R} for {reference[i % reference.Count]:R} as parameter {i % reference.Count} of event {i / reference.Count}.", nameof(simulations));
            }
        }
    }

    private static MinedMean Mean(double[] scores, int d, int j)
    {
        double[] column = [.. Enumerable.Range(0, scores.Length / d).Select(i => scores[(i * d) + j])];
        double size = Math.Sqrt(column.Average(t => t * t)), mean = size > 0 ? column.Average() / size : 0;
        double error = size > 0 ? Math.Sqrt(column.Sum(t => ((t / size) - mean) * ((t / size) - mean)) / (column.Length - 1) / column.Length) : 0;
        return new MinedMean(j, mean, error, error > 0 ? mean / error : mean == 0 ? 0 : double.PositiveInfinity);
    }
}
