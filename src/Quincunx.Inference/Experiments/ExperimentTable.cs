namespace Quincunx.Inference.Experiments;

/// <summary>A table.</summary>
/// <param name="Caption">What it shows, with units.</param>
/// <param name="Rows">Each as long as the header; the first cell names the row.</param>
public sealed record ExperimentTable(string Caption, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows);
