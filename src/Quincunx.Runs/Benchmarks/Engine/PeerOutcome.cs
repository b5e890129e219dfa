namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>The peer's figures, or why there are none.</summary>
internal sealed record PeerOutcome(PeerReport? Report, string? Problem);
