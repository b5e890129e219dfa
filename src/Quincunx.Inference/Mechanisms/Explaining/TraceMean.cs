namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>An expectation under the posterior of a trace.</summary>
/// <param name="Value">The weighted mean.</param>
/// <param name="Error">Its standard error, of weights by the delta method, of chains by their autocorrelation.</param>
/// <param name="EffectiveCount">How many independent draws give the same error.</param>
public readonly record struct TraceMean(double Value, double Error, double EffectiveCount);
