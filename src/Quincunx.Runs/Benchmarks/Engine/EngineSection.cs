namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Rows that were measured together.</summary>
internal sealed record EngineSection(string Title, IReadOnlyList<EngineRow> Rows);
