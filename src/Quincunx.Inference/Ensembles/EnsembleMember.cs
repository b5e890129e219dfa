using Quincunx.Inference.Training;

namespace Quincunx.Inference.Ensembles;

/// <summary>How a member of an ensemble was trained.</summary>
/// <param name="Training">Rows are distinct simulations: a bootstrap draws some of them several times and 37 % not at all.</param>
/// <param name="IsUsed">Whether it is part of the mixture: false where training diverged, or was cancelled before it had any weights to return.</param>
public sealed record EnsembleMember(TrainingResult Training, bool IsUsed);
