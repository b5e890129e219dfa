using Quincunx.Inference.Training;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>Contents of <c>network/training.json</c>.</summary>
public sealed record TrainingFacts(
    int Format, string StopReason, int BestEpoch, double BestLoss, long Steps, long SkippedSteps, IReadOnlyList<TrainingEpoch> History)
{
    internal static TrainingFacts Of(TrainingResult result) => new(
        1, result.StopReason.ToString(), result.BestEpoch, result.BestValidationLoss, result.Steps, result.SkippedSteps, result.History);
}
