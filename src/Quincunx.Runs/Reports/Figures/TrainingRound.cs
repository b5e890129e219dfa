namespace Quincunx.Runs.Reports.Figures;

/// <summary>The losses of one training, epoch by epoch.</summary>
/// <param name="Label">Heading of the panel, such as <c>round 1</c>.</param>
/// <param name="Training">Mean loss per simulation in each epoch.</param>
/// <param name="Validation">Likewise on simulations that were held out; may be shorter, where training stopped in between.</param>
/// <param name="BestEpoch">The epoch whose weights were kept, counted from 1; null where there is none.</param>
public sealed record TrainingRound(string Label, IReadOnlyList<double> Training, IReadOnlyList<double> Validation, int? BestEpoch);
