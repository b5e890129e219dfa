namespace Quincunx.Inference.Training;

/// <summary>What one epoch did.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="TrainingLoss">Mean over the rows of the batches as they were trained on, weights moving; NaN if every step was skipped.</param>
/// <param name="ValidationLoss">Mean over the held-out rows after the epoch; the training loss where none are held out.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="GradientNorm">Mean over the steps, before clipping.</param>
/// <param name="Steps">Optimiser steps since training began.</param>
/// <param name="Clipped">Steps of this epoch whose gradient was scaled down.</param>
/// <param name="Skipped">Batches of this epoch that were skipped because a loss or gradient was not finite.</param>
public sealed record TrainingEpoch(
    int Epoch,
    double TrainingLoss,
    double ValidationLoss,
    double LearningRate,
    double GradientNorm,
    long Steps,
    int Clipped,
    int Skipped);
