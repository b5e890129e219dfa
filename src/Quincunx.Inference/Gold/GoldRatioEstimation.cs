using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Gold;

/// <summary>Learns p(x | theta) up to a function of x from mined simulations (see <see cref="GoldLoss"/>).</summary>
/// <remarks>
/// <para>
/// One network f(theta, x) serves all hypotheses: the log-ratio of two is f(theta₀, x) − f(theta₁, x), which is zero where they are the same and minus itself where they change places, whatever the weights. Trained with one of the
/// two fixed it is the one-parameter form, with both free the two-parameter form. With a prior it gives a posterior (<see cref="Posteriors.SampledPosterior"/>).
/// </para>
/// <para>Scores teach the slope of f at each event's own theta, whichever of the two it was drawn at.</para>
/// </remarks>
public static class GoldRatioEstimation
{
    /// <summary>How the defaults of <see cref="GoldRatioOptions"/> train well.</summary>
    public static TrainingOptions DefaultTraining { get; } = new() { LearningRate = 3e-3, Schedule = RateSchedule.Cosine, MaxEpochs = 80, Patience = 80, WeightDecay = 0.4, WeightDecayRows = 10_000, BatchSize = 100 };

    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the support of theta; every theta of the simulations lies in it.</param>
    /// <param name="features">Numbers of an observation.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, an option is out of its range, or there are no scores where the loss has them.</exception>
    public static NreResult Train(
        SupportBijection bijection,
        MinedSimulations simulations,
        int features,
        GoldRatioOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        options.Checked();
        MinedRows.Check(simulations, bijection.Dimension, features, options.HasScore);
        bijection.ToUnconstrained(simulations.Thetas, new double[simulations.Thetas.Length]);
        bijection.ToUnconstrained(simulations.Others, new double[simulations.Others.Length]);
        SupportBijection context = NeuralLikelihood.Context(bijection);
        double[] z = [.. simulations.Thetas, .. simulations.Others];
        context.ToUnconstrained(z, z);
        var thetaScale = Standardise.Fit(z, bijection.Dimension);
        var ratio = new NeuralRatio(context, thetaScale, FeatureScaling.Fit(simulations.Xs, features, groups: options.Network.Observations.ScaleGroups(features)), options.Network, rng.Split("weights"));
        var rows = new MinedRows(simulations, context, thetaScale, features, ratio.Scaling.Apply);
        return new NreResult(ratio, Trainer.Run(new GoldRatioTask(ratio, rows, options), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    public static NeuralRatio Untrained(SupportBijection bijection, int features, GoldRatioOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        return new NeuralRatio(NeuralLikelihood.Context(bijection), new Standardise(bijection.Dimension), new FeatureScaling(features), options.Checked().Network, new Rng(0));
    }
}
