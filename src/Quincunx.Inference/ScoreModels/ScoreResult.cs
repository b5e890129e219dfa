using Quincunx.Inference.Training;

namespace Quincunx.Inference.ScoreModels;

/// <summary>A trained posterior and how training went.</summary>
/// <param name="Posterior">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
public sealed record ScoreResult(ScorePosterior Posterior, TrainingResult Training);
