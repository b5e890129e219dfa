namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.embedding</c>.</summary>
public sealed record EmbeddingSettings(IReadOnlyList<int> Hidden, int Outputs);
