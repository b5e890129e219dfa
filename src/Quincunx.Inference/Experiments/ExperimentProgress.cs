namespace Quincunx.Inference.Experiments;

/// <summary>How far a step of an experiment is.</summary>
/// <param name="Total">0 if unknown.</param>
/// <param name="Unit">What is counted, in the plural: "trajectories".</param>
public readonly record struct ExperimentProgress(double Done, double Total, string Unit);
