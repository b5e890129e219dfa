using Quincunx.Inference.Training;

namespace Quincunx.Inference.Marginals;

/// <summary>A trained estimator and how training went.</summary>
/// <param name="Estimator">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
public sealed record MarginalResult(MarginalEstimator Estimator, TrainingResult Training);
