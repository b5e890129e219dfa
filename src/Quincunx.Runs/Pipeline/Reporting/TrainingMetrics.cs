namespace Quincunx.Runs.Pipeline.Reporting;

/// <param name="BestEpoch">From 1; 0 where no epoch had a finite validation loss.</param>
/// <param name="SkippedSteps">Batches that were skipped because a loss or gradient was not finite.</param>
public sealed record TrainingMetrics(
    int Round, string StopReason, int Epochs, int BestEpoch, double BestValidationLoss, long Steps, long SkippedSteps, int Simulations, int Excluded)
{
    internal static TrainingMetrics Of(NetworkFacts facts) => new(
        facts.Round, facts.StopReason, facts.History.Count, facts.BestEpoch + 1, facts.BestValidationLoss, facts.Steps, facts.SkippedSteps, facts.Simulations, facts.Excluded);
}
