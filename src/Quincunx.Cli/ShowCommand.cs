using System.CommandLine;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Cli;

/// <summary><c>show</c>: one run.</summary>
internal static class ShowCommand
{
    public const string Example = "quincunx show runs/lynx-hare\nquincunx show lynx-hare --json";

    public static Command Create(CliHost host, Option<bool> json)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder, or the name of one under runs." };
        var command = new Command("show", "Show the result of a run: verdict, parameters, cost.") { run };
        command.SetAction(parsed => Show(host, parsed.GetValue(run)!, parsed.GetValue(json)));
        return command;
    }

    private static int Show(CliHost host, string run, bool json)
    {
        string folder = RunPath.Of(host, run);
        RunManifest manifest = RunFolder.ReadManifest(folder)
            ?? throw new CliException($"{folder}: found {(Directory.Exists(folder) ? "a folder without " + RunManifest.FileName : "no such folder")}, expected the folder of a run.");
        RunResult result = RunResult.Read(folder, manifest, [.. manifest.Stages.Select(s => s.Name)]);
        bool outdated = RunRow.IsOutdated(manifest);
        if (json)
        {
            host.Output.WriteLine(JsonArtifact.Line(new Record(
                folder, manifest, result.Metrics?.Verdict, outdated, result.Metrics?.Parameters, result.Metrics?.Quantities, result.Report, manifest.Stages.Sum(s => s.Seconds))));
            return ExitCode.Success;
        }

        WriteHead(host.Output, folder, manifest);
        if (outdated)
        {
            host.Output.WriteLine("The result below is of before the last change of this run; run the study again.");
        }

        result.WriteTo(host.Output);
        if (manifest.Stages.Count > 0)
        {
            if (result.Report is not null)
            {
                host.Output.WriteLine();
            }

            WriteStages(host.Output, manifest);
        }

        return ExitCode.Success;
    }

    private static void WriteHead(TextWriter output, string folder, RunManifest manifest)
    {
        output.WriteLine(manifest.Title == manifest.Study ? manifest.Study : $"{manifest.Study}: {manifest.Title}");
        output.WriteLine($"Folder: {folder}");
        output.WriteLine($"Seed: {manifest.Seed}");
        output.WriteLine($"Made: {Numbers.Date(manifest.Created)} UTC, with quincunx {manifest.Host.Quincunx}, {manifest.Host.Dotnet}");
        output.WriteLine($"Machine: {manifest.Host.Host}, {manifest.Host.Cpu}, {manifest.Host.Cores} cores");
        output.WriteLine();
    }

    private static void WriteStages(TextWriter output, RunManifest manifest)
    {
        TextTable.Write(output, textColumns: 2, ["stage", "status", "time", "attempts", "bytes"], manifest.Stages.Select(s => (IReadOnlyList<string>)
        [
            s.Name,
            s.Status.ToString().ToLowerInvariant(),
            Numbers.Time(TimeSpan.FromSeconds(s.Seconds)),
            Numbers.Count(s.Attempts),
            Numbers.Count(s.Outputs.Sum(o => o.Bytes)),
        ]));
        output.WriteLine($"Time in all: {Numbers.Time(TimeSpan.FromSeconds(manifest.Stages.Sum(s => s.Seconds)))}");
        foreach (StageRecord stage in manifest.Stages.Where(s => s.Error is not null))
        {
            output.WriteLine($"{stage.Name} failed: {stage.Error}");
        }
    }

    private sealed record Record(
        string Folder, RunManifest Manifest, RunVerdict? Verdict, bool Outdated, IReadOnlyList<ParameterSummary>? Parameters, IReadOnlyList<QuantitySummary>? Quantities, string? Report, double Seconds);
}
