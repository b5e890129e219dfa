namespace Quincunx.Runs.Pipeline.Experiments;

/// <param name="Loss">Of the weights that are kept.</param>
/// <param name="SkippedSteps">Batches that were skipped because a loss or gradient was not finite.</param>
public sealed record ExperimentTrainingMetrics(string StopReason, int Epochs, long Steps, long SkippedSteps, double Loss);
