namespace Quincunx.Inference.Training;

/// <summary>Where training stands after an epoch.</summary>
/// <param name="Latest">The epoch that has just ended.</param>
/// <param name="MaxEpochs">Epochs after which training ends at the latest.</param>
/// <param name="BestEpoch">The epoch with the lowest validation loss, -1 while there is none.</param>
/// <param name="BestValidationLoss">That loss; positive infinity while there is none.</param>
public sealed record TrainingProgress(TrainingEpoch Latest, int MaxEpochs, int BestEpoch, double BestValidationLoss);
