namespace Quincunx.Runs.Store;

/// <summary>What the engine did about a stage.</summary>
/// <param name="Reused">Its files were made before from the same inputs.</param>
/// <param name="Reason">Why it was run or reused, in words.</param>
public sealed record StageSummary(string Name, bool Reused, double Seconds, string Reason);
