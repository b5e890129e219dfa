namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>simulations/round-N.json</c>.</summary>
/// <param name="FailedShare">From 0 to 1.</param>
/// <param name="FirstFailed">Numbers of the first few failed simulations.</param>
public sealed record SimulationFacts(int Format, int Count, int Failed, double FailedShare, IReadOnlyList<long> FirstFailed);
