namespace Quincunx.Inference.Causal;

/// <summary>How a variable comes about.</summary>
/// <param name="parents">Values of its direct causes, in the order they were named.</param>
/// <param name="noise">Its own standard normal noise; 0 for a variable without noise.</param>
/// <returns>Its value, for given causes strictly increasing or strictly decreasing in the noise.</returns>
public delegate double StructuralEquation(ReadOnlySpan<double> parents, double noise);
