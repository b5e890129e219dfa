namespace Quincunx.Inference.Experiments;

/// <summary>A number that an experiment is about.</summary>
/// <param name="Name">Key in <c>metrics.json</c>: lower case, digits and underscores.</param>
/// <param name="Value">NaN for one that could not be measured.</param>
/// <param name="Meaning">What it is, in words, with its unit.</param>
/// <param name="Error">Its standard error; null for a number without one. It stands in <c>metrics.json</c> under the name and <c>_error</c>.</param>
public sealed record ExperimentMetric(string Name, double Value, string Meaning, double? Error = null);
