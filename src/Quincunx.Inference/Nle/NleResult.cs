using Quincunx.Inference.Training;

namespace Quincunx.Inference.Nle;

/// <summary>A trained likelihood and how training went.</summary>
/// <param name="Likelihood">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
public sealed record NleResult(NeuralLikelihood Likelihood, TrainingResult Training);
