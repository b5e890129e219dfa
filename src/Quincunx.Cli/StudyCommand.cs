using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
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
        new("simulate", "Make the simulations of a study.", "quincunx simulate studies/lynx-hare"),
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
        var observation = new Option<string?>("--observation") { Description = "CSV file with other data than the study's.", HelpName = "FILE" };
        var seed = new Option<ulong?>("--seed")
        {
            Description = "Another seed than the study's.",
            HelpName = "N",
            CustomParser = ReadSeed,
        };
        var quiet = new Option<bool>("--quiet") { Description = "Print nothing but errors; with --json, the summary too." };
        var command = new Command(kind.Name, kind.Description) { study, folder, observation, seed, quiet };
        command.SetAction(parsed =>
        {
            var request = new StudyRunRequest(
                kind.Name, parsed.GetValue(study)!, parsed.GetValue(folder), parsed.GetValue(observation), parsed.GetValue(seed),
                parsed.GetValue(json), parsed.GetValue(quiet), args);
            return new StudyRun(host, request, Display(host, request)).Run();
        });
        return command;
    }

    private static IProgressDisplay Display(CliHost host, StudyRunRequest request) =>
        request.Quiet ? new QuietProgress()
        : request.Json ? new JsonProgress(host.Output, host.Clock)
        : host.Terminal is { } terminal ? new LiveProgress(terminal, host.Clock)
        : new PlainProgress(host.Output, host.Clock);

    private static ulong? ReadSeed(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) && seed <= Study.MaximumSeed)
        {
            return seed;
        }

        result.AddError($"--seed: found '{text}', expected a whole number from 0 to {Study.MaximumSeed}.");
        return null;
    }

    /// <summary>One of these commands.</summary>
    /// <param name="Example">One command a line.</param>
    internal sealed record Kind(string Name, string Description, string Example);
}
