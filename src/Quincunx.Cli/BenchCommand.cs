using System.CommandLine;

namespace Quincunx.Cli;

/// <summary><c>bench</c>: our numbers beside published ones.</summary>
internal static class BenchCommand
{
    public const string Example = "quincunx bench sbibm\nquincunx bench sbibm --tasks two-moons --seeds 1-3 --json rows.json";
    private const int MostObservation = 10, MostSeeds = 100;

    public static Command Create(CliHost host) => new("bench", "Measure Quincunx and compare with published results.") { Sbibm(host) };

    private static Command Sbibm(CliHost host)
    {
        var tasks = new Option<string[]>("--tasks")
        {
            Description = "Tasks, with commas between; each is a study of that name under studies. two-moons,gaussian-linear if absent.",
            HelpName = "NAMES",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = BenchRequest.ReadTasks,
        };
        Option<long[]> observations = Numbers("--observations", "Observations, as numbers and ranges; 1-5 if absent.", 1, MostObservation, MostObservation);
        Option<long[]> seeds = Numbers("--seeds", "Seeds, each for a network of its own; 1 if absent.", 0, BenchRequest.MostSeed, MostSeeds);
        var data = new Option<string?>("--data") { Description = "Folder of the reference data, with a folder sbibm; QUINCUNX_DATA or ../shared/data if absent.", HelpName = "DIR" };
        var json = new Option<string?>("--json") { Description = "File for the rows, one JSON object a line.", HelpName = "FILE" };
        var folder = new Option<string?>("--out") { Description = "Folder for the posterior draws, as CSV.", HelpName = "DIR" };
        var command = new Command("sbibm", "Score the amortised posteriors of studies against the sbibm benchmark's reference posteriors (C2ST).")
        {
            tasks, observations, seeds, data, json, folder,
        };
        command.SetAction(parsed =>
        {
            var request = new BenchRequest(
                Or(parsed.GetValue(tasks), ["two-moons", "gaussian-linear"]), Or(parsed.GetValue(observations), [1, 2, 3, 4, 5]), Or(parsed.GetValue(seeds), [1]),
                parsed.GetValue(data), parsed.GetValue(json), parsed.GetValue(folder));
            new SbibmBench(host, request).Run();
            return ExitCode.Success;
        });
        return command;
    }

    private static Option<long[]> Numbers(string name, string description, long least, long most, int count) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => BenchRequest.ReadNumbers(result, name, least, most, count),
    };

    // An option of a list that is absent is an empty list. A default value of the parser's would stand in the help with bars between.
    private static T[] Or<T>(T[]? given, T[] absent) => given is { Length: > 0 } ? given : absent;
}
