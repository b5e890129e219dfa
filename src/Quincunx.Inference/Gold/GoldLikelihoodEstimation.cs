using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Gold;

/// <summary>Learns p(x | theta) as a conditional density from mined simulations: the log-likelihood of the outputs and the squared error of the score (SCANDAL: Brehmer, Louppe, Pavez and Cranmer 2018, arXiv:1805.12244).</summary>
/// <remarks>The result is a <see cref="NeuralLikelihood"/> as <see cref="NeuralLikelihoodEstimation"/> makes it from the outputs alone.</remarks>
public static class GoldLikelihoodEstimation
{
    /// <summary>How the defaults train well: with more decay than outputs alone need, since slopes in theta are meant to be smooth.</summary>
    public static TrainingOptions DefaultTraining { get; } = NeuralLikelihoodEstimation.DefaultTraining with { LearningRate = 1e-3, WeightDecay = 1, WeightDecayRows = 10_000 };

    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the support of theta.</param>
    /// <param name="simulations">With scores; what they were weighed against does not matter.</param>
    /// <param name="features">Numbers of an observation.</param>
    /// <param name="options">The flow's activation should be smooth, since slopes in theta are learned; the default is. That of categories is not: <see cref="NeuralLikelihoodOptions.MostLevels"/> of 1 learns whole numbers as continuous.</param>
    /// <param name="scoreWeight">α of the squared error of the score, per parameter in units of the scores' variance.</param>
    /// <param name="rng">Decides the noise on whole numbers, the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or there are no scores.</exception>
    public static NleResult Train(
        SupportBijection bijection,
        MinedSimulations simulations,
        int features,
        NeuralLikelihoodOptions options,
        double scoreWeight,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        MinedRows.Check(simulations, bijection.Dimension, features, needsScores: true);
        if (!(scoreWeight >= 0) || !double.IsFinite(scoreWeight))
        {
            throw new ArgumentOutOfRangeException(nameof(scoreWeight), scoreWeight, "Expected a weight from 0.");
        }

        (NeuralLikelihood likelihood, double[] noisy) = NeuralLikelihoodEstimation.Prepare(bijection, simulations.Thetas, simulations.Xs, features, options, rng);
        var rows = new MinedRows(simulations with { Xs = noisy }, NeuralLikelihood.Context(bijection), likelihood.ThetaScale, features, likelihood.ScaleX);
        return new NleResult(likelihood, Trainer.Run(new GoldLikelihoodTask(likelihood, rows, scoreWeight), training, rng.Split("training"), progress, checkpoints, cancel));
    }
}
