using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Cli;

/// <summary>What the user asked of the engine's benchmark.</summary>
/// <param name="Filter">Part of the names of the wanted rows, or null for all.</param>
/// <param name="Torch">A Python that has torch, or null for none.</param>
/// <param name="Json">File for the table, or null.</param>
/// <param name="Markdown">File for a page with the table, or null.</param>
/// <param name="Effort">How long it may take.</param>
internal sealed record EngineRequest(string? Filter, string? Torch, string? Json, string? Markdown, Effort Effort)
{
    /// <summary>The command that asks for the same.</summary>
    public string Command =>
        $"bench engine{Option("--filter", Filter)}{Option("--torch", Torch)}{Option("--json", Json)}{Option("--markdown", Markdown)}{(Effort.IsSmoke ? " --quick" : "")}";

    private static string Option(string name, string? value) =>
        value is null ? "" : $" {name} {(value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value)}";
}
