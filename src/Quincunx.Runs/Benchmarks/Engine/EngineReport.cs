namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>What <c>bench engine</c> writes for machines.</summary>
/// <param name="Format">Of this document.</param>
/// <param name="Smoke">Whether it was a smoke run, whose figures mean nothing.</param>
/// <param name="Peer">The same steps elsewhere; null where they were not asked for or could not run.</param>
internal sealed record EngineReport(int Format, MachineFacts Machine, bool Smoke, IReadOnlyList<EngineRow> Rows, PeerReport? Peer)
{
    public const int CurrentFormat = 1;
}
