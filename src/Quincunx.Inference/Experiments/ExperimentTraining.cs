using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Experiments;

/// <summary>A trained network.</summary>
/// <param name="Weights">All that evaluation needs of it, by name.</param>
/// <param name="Training">How training went.</param>
public sealed record ExperimentTraining(NamedTensors Weights, TrainingResult Training);
