using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.ScoreModels;

/// <summary>Learns p(theta | x) by regression on the velocities that carry noise to parameters (Lipman et al. 2023, arXiv:2210.02747; Wildberger et al. 2023, arXiv:2305.17161).</summary>
/// <remarks>
/// The velocity of z(t) = α(t) z + σ(t) ε is (α α' + σ σ') y / s + (α σ' - α' σ) u / s with s = √(α² + σ²), y = z(t) / s and u = cos φ ε - sin φ z: a known part, and the part that is learned. So the
/// loss is |u - û|², which for straight lines is that of Lipman et al. times s², between 1/2 and 1; its minimum is the same field.
/// </remarks>
public static class FlowMatching
{
    /// <summary>
    /// Training that suits it: many cheap epochs and an average of the weights, since the loss is noisy where a density's is not, and a decay of weights, without which the network learns the
    /// training set by heart.
    /// </summary>
    public static TrainingOptions DefaultTraining { get; } = new()
    {
        BatchSize = 200,
        MaxEpochs = 200,
        Patience = 200,
        LearningRate = 2e-3,
        Schedule = RateSchedule.Cosine,
        WarmUpSteps = 200,
        AverageDecay = 0.998,
        WeightDecay = 0.1,
        ClipNorm = 10,
    };

    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior (or from the prior restricted to a region).</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite (or with gaps, where the options say so): leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Decides the initial weights, the split, the order of batches, times and noise; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static ScoreResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        FlowMatchingOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        FlowMatchingOptions o = (options ?? throw new ArgumentNullException(nameof(options))).Checked();
        var posterior = new ScorePosterior(PosteriorCoordinates.Fit(bijection, thetas, xs, features, o.Network.Missing, o.Network.Observations.ScaleGroups(features)), o.Path, o.Network, o.Sampling, rng.Split("weights"));
        ScaledPairs pairs = posterior.Coordinates.Pairs(thetas, xs);
        return new ScoreResult(posterior, Trainer.Run(new ScoreTask(posterior, pairs, new Law(o)), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ScorePosterior Untrained(SupportBijection bijection, int features, FlowMatchingOptions options)
    {
        FlowMatchingOptions o = (options ?? throw new ArgumentNullException(nameof(options))).Checked();
        return new ScorePosterior(PosteriorCoordinates.Untrained(bijection, features, o.Network.Missing), o.Path, o.Network, o.Sampling, new Rng(0));
    }

    private sealed class Law(FlowMatchingOptions options) : NoiseLaw
    {
        private readonly NoiseSchedule _schedule = new(options.Path);

        public override (double Angle, double Weight) At(double uniform)
        {
            double t = uniform / (uniform + (options.TimeShift * (1 - uniform)));
            return (_schedule.Angle(Math.Max(t, _schedule.First)), 1);
        }
    }
}
