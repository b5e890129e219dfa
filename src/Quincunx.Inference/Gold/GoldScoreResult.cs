using System.Globalization;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Training;

namespace Quincunx.Inference.Gold;

/// <summary>A trained score and how training went.</summary>
/// <param name="Score">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
/// <param name="Training">The loss is the squared error in units of the joint scores' variance: 1 where outputs say nothing of theta, and above 0 even for the exact score, by what the latent steps add.</param>
/// <param name="Means">Of the joint scores over their root mean square, one a parameter: 0 within errors, or they are not scores to train on.</param>
public sealed record GoldScoreResult(NeuralScore Score, TrainingResult Training, IReadOnlyList<MinedMean> Means)
{
    // One false alarm in 10^9 for normal means, as in the check of a mined simulator.
    private const double Deviations = 6;

    /// <summary>What speaks against the use of the score, or null.</summary>
    public string? Advice => Means.FirstOrDefault(mean => Math.Abs(mean.Deviation) > Deviations) is { } worst
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Joint scores along parameter {worst.Parameter} have mean {worst.Mean:G4} ± {worst.StandardError:G2} of their size, not 0: they were not drawn at the reference, or the range of a choice depends on theta. Check the simulator.")
        : null;
}
