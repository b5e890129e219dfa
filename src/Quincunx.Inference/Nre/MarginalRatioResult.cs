using Quincunx.Inference.Training;

namespace Quincunx.Inference.Nre;

/// <summary>Trained ratios of marginals and how training went.</summary>
/// <param name="Ratios">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
public sealed record MarginalRatioResult(MarginalRatios Ratios, TrainingResult Training);
