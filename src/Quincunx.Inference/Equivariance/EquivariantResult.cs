using Quincunx.Inference.Training;

namespace Quincunx.Inference.Equivariance;

/// <summary>A trained posterior and how both trainings went.</summary>
/// <param name="Training">Of the network that reads moved data.</param>
/// <param name="Start">Of the network that says where chains start.</param>
public sealed record EquivariantResult(EquivariantPosterior Posterior, TrainingResult Training, TrainingResult Start);
