using Quincunx.Inference.Training;

namespace Quincunx.Inference.Nre;

/// <summary>A trained ratio and how training went.</summary>
/// <param name="Ratio">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
public sealed record NreResult(NeuralRatio Ratio, TrainingResult Training);
