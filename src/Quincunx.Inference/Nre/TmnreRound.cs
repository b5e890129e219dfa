using Quincunx.Inference.Distributions;
using Quincunx.Inference.Training;

namespace Quincunx.Inference.Nre;

/// <summary>One round of truncation.</summary>
/// <param name="Box">What parameters were drawn from.</param>
/// <param name="LogMass">Log of its share of the prior.</param>
/// <param name="Simulated">New simulations, the failed ones included.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Reused">Simulations of earlier rounds that lie in the box.</param>
/// <param name="Training">Of the ratios of single parameters; null where there was nothing to train on.</param>
public sealed record TmnreRound(IReadOnlyList<Support> Box, double LogMass, int Simulated, int Failed, int Reused, TrainingResult? Training);
