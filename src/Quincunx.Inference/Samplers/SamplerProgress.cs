namespace Quincunx.Inference.Samplers;

/// <param name="Iteration">Iterations done, warm-up included.</param>
/// <param name="Iterations">Iterations in all; 0 where that is not known in advance.</param>
/// <param name="Evaluations">Evaluations of the density at one point, with or without gradient, so far.</param>
/// <param name="LogEvidence">The estimate so far, from samplers that make one along the way; else NaN.</param>
public sealed record SamplerProgress(long Iteration, long Iterations, long Evaluations, double LogEvidence = double.NaN);
