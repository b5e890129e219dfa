using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.ScoreModels;

/// <summary>
/// Learns p(theta | x) as the score of its noised densities, by denoising score matching (Song et al. 2021, arXiv:2011.13456; for posteriors Sharrock et al. 2022, arXiv:2210.04872, and Geffner et
/// al. 2023, arXiv:2209.14249).
/// </summary>
/// <remarks>
/// The loss is the mean over uniform times of σ² |∇ log p - ŝ|², the weight of Song et al. With the score as -(σ z(t) + α s u) / (s² σ) that is cos² φ |u - û|²: noise is predicted as well as it can be,
/// through a target of unit variance.
/// </remarks>
public static class ScoreEstimation
{
    /// <summary>Training that suits it; for the reasons see <see cref="FlowMatching.DefaultTraining"/>.</summary>
    public static TrainingOptions DefaultTraining => FlowMatching.DefaultTraining;

    /// <inheritdoc cref="FlowMatching.Train"/>
    public static ScoreResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        ScoreEstimationOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ScoreEstimationOptions o = (options ?? throw new ArgumentNullException(nameof(options))).Checked();
        var posterior = new ScorePosterior(PosteriorCoordinates.Fit(bijection, thetas, xs, features, o.Network.Missing, o.Network.Observations.ScaleGroups(features)), o.Path, o.Network, o.Sampling, rng.Split("weights"));
        ScaledPairs pairs = posterior.Coordinates.Pairs(thetas, xs);
        return new ScoreResult(posterior, Trainer.Run(new ScoreTask(posterior, pairs, new Law(o.Path)), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ScorePosterior Untrained(SupportBijection bijection, int features, ScoreEstimationOptions options)
    {
        ScoreEstimationOptions o = (options ?? throw new ArgumentNullException(nameof(options))).Checked();
        return new ScorePosterior(PosteriorCoordinates.Untrained(bijection, features, o.Network.Missing), o.Path, o.Network, o.Sampling, new Rng(0));
    }

    private sealed class Law(NoisePath path) : NoiseLaw
    {
        private readonly NoiseSchedule _schedule = new(path);

        public override (double Angle, double Weight) At(double uniform)
        {
            double angle = _schedule.Angle(_schedule.First + ((1 - _schedule.First) * uniform)), cos = Math.Cos(angle);
            return (angle, cos * cos);
        }
    }
}
