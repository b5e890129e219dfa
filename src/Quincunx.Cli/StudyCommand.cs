using System.CommandLine;
using Quincunx.Cli.Progress;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>The commands that work on a study's run: <c>run</c>, and its stages one by one.</summary>
internal static class StudyCommand
{
    public static IReadOnlyList<Kind> Kinds { get; } =
    [
        new("run", "Simulate, train, sample, diagnose and report. Goes on where it stopped, and repeats only what changed.",
            "quincunx run studies/lynx-hare\nquincunx run studies/lynx-hare --seed 2 --out runs/second"),
        new("simulate", "Make the simulations of a study.", "quincunx simulate studies/lynx-hare\nquincunx simulate studies/lynx-hare --shard 3/100 --to shards"),
        new("train", "Train the networks of a study, after the stages before if they are not up to date.", "quincunx train studies/lynx-hare"),
        new("sample", "Draw from the posterior, after the stages before if they are not up to date.", "quincunx sample studies/lynx-hare --json"),
        new("diagnose", "Check the posterior, after the stages before if they are not up to date.", "quincunx diagnose studies/lynx-hare"),
        new("report", "Write the report, after the stages before if they are not up to date.", "quincunx report studies/lynx-hare"),
    ];

    /// <param name="args">The whole command line, to be shown again after an interruption.</param>
    public static Command Create(Kind kind, CliHost host, Option<bool> json, IReadOnlyList<string> args)
    {
        var study = new Argument<string>("STUDY") { Description = "A study file, or a folder with a study.yaml." };
        var folder = new Option<string?>("--out") { Description = "Folder of the run; runs/NAME if absent.", HelpName = "DIR" };
        var engine = new Option<string?>("--engine") { Description = "Where simulations are made, instead of where the study says: threads, local, slurm or script.", HelpName = "NAME" };
        engine.AcceptOnlyFromAmong([.. ExecutionSettings.Engines]);
        StudyOptions options = new();
        var command = new Command(kind.Name, kind.Description) { study, folder, options.Observation, options.Seed, engine, options.Quiet };
        ShardOptions? shard = kind.Name == "simulate" ? new ShardOptions(command) : null;
        command.SetAction(parsed =>
        {
            StudySource source = options.Source(parsed, parsed.GetValue(study)!);
            (string? output, bool asJson, bool quiet) = (parsed.GetValue(folder), parsed.GetValue(json), parsed.GetValue(options.Quiet));
            IProgressDisplay display = Display(host, asJson, quiet);
            return shard?.Read(parsed, source, output, asJson, quiet) is { } one
                ? new ShardRun(host, one, display).Run()
                : new StudyRun(host, new StudyRunRequest(kind.Name, source, output, parsed.GetValue(engine), asJson, quiet, args), display).Run();
        });
        return command;
    }

    public static IProgressDisplay Display(CliHost host, bool json, bool quiet) =>
        quiet ? new QuietProgress()
        : json ? new JsonProgress(host.Output, host.Clock)
        : host.Terminal is { } terminal ? new LiveProgress(terminal, host.Clock)
        : new PlainProgress(host.Output, host.Clock);

    /// <summary>One of these commands.</summary>
    /// <param name="Example">One command a line.</param>
    internal sealed record Kind(string Name, string Description, string Example);
}
