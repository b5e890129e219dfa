using Quincunx.Inference.Training;

namespace Quincunx.Inference.MixtureDensity;

/// <summary>A trained posterior and how training went.</summary>
/// <param name="Posterior">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
public sealed record MixtureDensityResult(MixturePosterior Posterior, TrainingResult Training);
