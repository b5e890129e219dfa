using Quincunx.Inference.Training;

namespace Quincunx.Runs.Pipeline;

/// <summary>How the network was trained that says where chains of poses start.</summary>
/// <param name="BestEpoch">From 0; -1 where no epoch had a finite validation loss.</param>
public sealed record StartFacts(string StopReason, int Epochs, int BestEpoch, double BestValidationLoss, long Steps, long SkippedSteps)
{
    internal static StartFacts Of(TrainingResult training) => new(
        training.StopReason.ToString(), training.History.Count, training.BestEpoch, training.BestValidationLoss, training.Steps, training.SkippedSteps);
}
