using System.CommandLine;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Cli;

/// <summary><c>list</c>: the runs in a folder.</summary>
internal static class ListCommand
{
    public const string Example = "quincunx list\nquincunx list --out /data/runs --json";
    private const string DefaultFolder = "runs";

    public static Command Create(CliHost host, Option<bool> json)
    {
        var folder = new Option<string?>("--out") { Description = "Folder of run folders, or one run folder; runs if absent.", HelpName = "DIR" };
        var command = new Command("list", "List the runs: study, date, stages done, verdict.") { folder };
        command.SetAction(parsed => List(host, parsed.GetValue(folder), parsed.GetValue(json)));
        return command;
    }

    private static int List(CliHost host, string? asked, bool json)
    {
        string path = host.Resolve(asked ?? DefaultFolder);
        if (asked is not null && !Directory.Exists(path))
        {
            throw new CliException($"{path}: found no such folder, expected a folder of runs.");
        }

        IReadOnlyList<RunRow> runs = Find(path);
        if (json)
        {
            foreach (RunRow run in runs)
            {
                host.Output.WriteLine(JsonArtifact.Line(run));
            }
        }
        else if (runs.Count == 0)
        {
            host.Output.WriteLine($"No runs in {path}.");
        }
        else
        {
            TextTable.Write(host.Output, textColumns: 5, ["folder", "study", "changed (UTC)", "stages", "verdict"], runs.Select(r => r.Cells()));
        }

        return ExitCode.Success;
    }

    private static IReadOnlyList<RunRow> Find(string path)
    {
        if (!Directory.Exists(path))
        {
            return [];
        }

        return RunRow.Read(path) is { } itself
            ? [itself]
            : [.. Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).Select(RunRow.Read).OfType<RunRow>()];
    }
}
