namespace Quincunx.Cli;

/// <summary>A number that an experiment found.</summary>
/// <param name="Error">Its standard error, or null.</param>
internal sealed record QuantitySummary(string Name, double Value, double? Error);
