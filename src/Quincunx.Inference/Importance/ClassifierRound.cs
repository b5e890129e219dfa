using Quincunx.Inference.Training;

namespace Quincunx.Inference.Importance;

/// <summary>One round of <see cref="ClassifierReweighting"/>.</summary>
/// <param name="Gain">What chance loses minus what the classifier loses on held-out pairs, in nats: log 2 − log(1 + 1/r) for the parameters of a pair and, on average over its contrasts, weight times log 2 − log(1 + r). NaN where training failed.</param>
/// <param name="GainError">Standard error of the mean.</param>
/// <param name="Kept">Whether the round is part of the posterior.</param>
/// <param name="Weights">Of all draws of the posterior at the held-out observations, with the rounds up to this one, kept or not: of the joint distribution, not of one observation.</param>
public sealed record ClassifierRound(TrainingResult Training, double Gain, double GainError, bool Kept, ImportanceWeights Weights);
