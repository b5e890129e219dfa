using System.Text;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>The table as a page of the documentation.</summary>
internal static class EnginePage
{
    /// <param name="command">What made it, without the program's name.</param>
    public static string Text(string command, MachineFacts machine, bool smoke, IReadOnlyList<EngineSection> sections, PeerReport? peer)
    {
        var page = new StringBuilder();
        page.Append($"""
            # The engine, as a share of what bounds it

            ```
            dotnet run -c Release --project src/Quincunx.Cli -- {command}
            ```

            Machine: {machine}.

            The command writes this page; [commands](../guide/commands.md#bench-engine) says how it measures. `share` is the median over the bound (of a time or another cost: the
            bound over the median), so 1 is at the bound, and beside a target 1 or more has reached it.

            """.ReplaceLineEndings("\n"));
        if (smoke)
        {
            page.Append("\nA quick run, to see that everything runs: its figures mean nothing.\n");
        }

        if (FreeCores.Warning(sections.SelectMany(s => s.Rows)) is { } warning)
        {
            page.Append($"\n{warning}\n");
        }

        if (peer is not null)
        {
            page.Append($"\n`torch` is {peer.Name} ({peer.Detail}) in the same run, and `speed` ours over its, above 1 where ours is faster.\n");
        }

        foreach (EngineSection section in sections)
        {
            bool compared = peer is not null && section.Rows.Any(row => peer.Find(row) is not null);
            EngineTable table = EngineTable.Of(section.Rows, compared ? peer : null);
            page.Append($"\n## {section.Title}\n\n");
            Line(page, table.Header);
            Line(page, [.. table.Header.Select((title, c) => c < EngineTable.TextColumns || title is "dtype" or "unit" or "bound" ? "---" : "---:")]);
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                Line(page, row);
            }
        }

        return page.ToString();
    }

    private static void Line(StringBuilder page, IEnumerable<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
