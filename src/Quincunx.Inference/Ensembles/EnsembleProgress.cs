using Quincunx.Inference.Training;

namespace Quincunx.Inference.Ensembles;

/// <summary>A member has trained an epoch.</summary>
/// <param name="Member">From 0.</param>
public readonly record struct EnsembleProgress(int Member, TrainingProgress Training);
