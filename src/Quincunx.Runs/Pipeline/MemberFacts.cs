using Quincunx.Inference.Ensembles;

namespace Quincunx.Runs.Pipeline;

/// <summary>How a member of an ensemble was trained.</summary>
/// <param name="Used">Whether it is part of the mixture; one whose training diverged is not.</param>
/// <param name="BestEpoch">From 0; -1 where no epoch had a finite validation loss.</param>
/// <param name="Simulations">Distinct ones that it was trained on, those held out not counted.</param>
public sealed record MemberFacts(string StopReason, bool Used, int Epochs, int BestEpoch, double BestValidationLoss, long Steps, long SkippedSteps, int Simulations)
{
    internal static MemberFacts Of(EnsembleMember member) => new(
        member.Training.StopReason.ToString(), member.IsUsed, member.Training.History.Count, member.Training.BestEpoch, member.Training.BestValidationLoss, member.Training.Steps, member.Training.SkippedSteps,
        member.Training.TrainingRows);
}
