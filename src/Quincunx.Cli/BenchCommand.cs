using System.CommandLine;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Cli;

/// <summary><c>bench</c>: our scores beside published ones, and our speed beside what the machine can do.</summary>
internal static class BenchCommand
{
    public const string Example =
        "quincunx bench sbibm --tasks two-moons\nquincunx bench sbibm --method npe,tsnpe --budget 1000,10000 --seeds 1-3 --json rows.json\nquincunx bench galton --budgets 200,1000,10000 --seeds 10\nquincunx bench engine --json engine.json\nquincunx bench programs";
    private const int MostObservation = 10, MostSeeds = 100;

    public static Command Create(CliHost host) => new("bench", "Measure Quincunx and compare with published results.") { Sbibm(host), Galton(host), Engine(host), Programs(host) };

    private static Command Sbibm(CliHost host)
    {
        var tasks = new Option<string[]>("--tasks")
        {
            Description = "Tasks, with commas between; the simulator and the prior are those of the study of that name under studies. All if absent.",
            HelpName = "NAMES",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = BenchRequest.ReadTasks,
        };
        var methods = new Option<SbibmMethod[]>("--method")
        {
            Description = $"Methods, with commas between: {string.Join(", ", SbibmMethod.All.Select(m => m.Name))}. {SbibmMethod.All[0].Name} if absent.",
            HelpName = "NAMES",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = BenchRequest.ReadMethods,
        };
        var budgets = new Option<long[]>("--budget")
        {
            Description = "Simulations of all rounds together, with commas between; 10000 if absent.",
            HelpName = "LIST",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = BenchRequest.ReadBudgets,
        };
        Option<long[]> observations = Numbers("--observations", "Observations, as numbers and ranges; 1-5 if absent.", 1, MostObservation, MostObservation);
        Option<long[]> seeds = Numbers("--seeds", "Seeds, each for simulations and networks of its own; 1 if absent.", 0, BenchRequest.MostSeed, MostSeeds);
        var data = new Option<string?>("--data") { Description = "Folder of the reference data, with a folder sbibm; QUINCUNX_DATA or ../shared/data if absent.", HelpName = "DIR" };
        var inference = new Option<string?>("--inference") { Description = "YAML file with keys of inference, the same for all tasks, in place of the defaults.", HelpName = "FILE" };
        var runs = new Option<string?>("--runs") { Description = "Folder of the runs, which are gone on from; runs/sbibm if absent.", HelpName = "DIR" };
        var json = new Option<string?>("--json") { Description = "File for the rows, one JSON object a line; rows that are there are not made again. rows.json in the folder of the runs if absent.", HelpName = "FILE" };
        var page = new Option<string?>("--page") { Description = "File for a page with the scores beside the published ones.", HelpName = "FILE" };
        var folder = new Option<string?>("--out") { Description = "Folder for the posterior draws, as CSV.", HelpName = "DIR" };
        var command = new Command("sbibm", "Score methods with one set of settings for all tasks against the sbibm benchmark's reference posteriors (C2ST).")
        {
            tasks, methods, budgets, observations, seeds, data, inference, runs, json, page, folder,
        };
        command.SetAction(parsed =>
        {
            var request = new BenchRequest(
                parsed.GetValue(tasks) ?? [], Or(parsed.GetValue(methods), [SbibmMethod.All[0]]), Or(parsed.GetValue(budgets), [10_000]), Or(parsed.GetValue(observations), [1, 2, 3, 4, 5]),
                Or(parsed.GetValue(seeds), [1]))
            {
                Data = parsed.GetValue(data),
                Inference = parsed.GetValue(inference),
                Runs = parsed.GetValue(runs),
                Json = parsed.GetValue(json),
                Page = parsed.GetValue(page),
                Out = parsed.GetValue(folder),
            };
            new SbibmBench(host, request).Run();
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Galton(CliHost host)
    {
        var budgets = new Option<long[]>("--budgets")
        {
            Description = "Runs of the simulator, with commas between; 200,1000,10000 if absent.",
            HelpName = "LIST",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = BenchRequest.ReadBudgets,
        };
        Option<long[]> seeds = Numbers("--seeds", "Number of seeds, each with events and networks of its own; 10 if absent.", 1, MostSeeds, 1);
        var methods = new Option<string[]>("--method") { Description = $"Methods, with commas between: {string.Join(", ", GaltonBench.Methods)}. All if absent.", HelpName = "NAMES", Arity = ArgumentArity.ExactlyOne, CustomParser = BenchRequest.ReadGaltonMethods };
        var json = new Option<string?>("--json") { Description = "File for the rows, one JSON object a line; rows that are there are not made again.", HelpName = "FILE" };
        var figure = new Option<string?>("--figure") { Description = "File for a figure, as SVG.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Folder of the published errors, with a folder galton; QUINCUNX_DATA or ../shared/data if absent.", HelpName = "DIR" };
        var command = new Command("galton", "Learn a likelihood ratio of the generalized Galton board with and without mined gold, and compare with the exact one and with published errors.")
        {
            budgets, seeds, methods, json, figure, data,
        };
        command.SetAction(parsed =>
        {
            GaltonBenchRun.Run(
                host, Or(parsed.GetValue(budgets), [200, 1000, 10_000]), (int)Or(parsed.GetValue(seeds), [10])[0], parsed.GetValue(methods) ?? [], parsed.GetValue(json), parsed.GetValue(figure), parsed.GetValue(data));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Engine(CliHost host)
    {
        var filter = new Option<string?>("--filter") { Description = "Measure only rows whose name, or whose section's title, contains this.", HelpName = "TEXT" };
        var json = new Option<string?>("--json") { Description = "File for machine and rows, as JSON.", HelpName = "FILE" };
        var markdown = new Option<string?>("--markdown") { Description = "File for a page with machine and rows.", HelpName = "FILE" };
        var torch = new Option<string?>("--torch") { Description = "A Python that has torch, to run the same steps there and compare.", HelpName = "PYTHON" };
        var quick = new Option<bool>("--quick") { Description = "Run everything once on small sizes, to see that it runs; the figures mean nothing." };
        var command = new Command(
            "engine",
            "Measure kernels and training steps as a share of what bounds them: the machine's multiply-add peak and memory bandwidth, measured in the same rounds, or a "
            + "target. A row is a median over rounds of short slices, after a warm-up that lasts until the runtime compiles nothing more. Leave the machine alone meanwhile.")
        {
            filter, json, markdown, torch, quick,
        };
        command.SetAction(parsed =>
        {
            var request = new EngineRequest(
                parsed.GetValue(filter), parsed.GetValue(torch), parsed.GetValue(json), parsed.GetValue(markdown), parsed.GetValue(quick) ? Effort.Smoke : new Effort());
            new EngineBenchRun(host, request).Run();
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Programs(CliHost host)
    {
        var json = new Option<string?>("--json") { Description = "File for the rows, one JSON object a line.", HelpName = "FILE" };
        var quick = new Option<bool>("--quick") { Description = "Few simulations, to see that everything runs; the figures mean nothing." };
        var command = new Command("programs", "Measure what it costs to talk to a simulator that is a program. Run it in the folder of the repository.") { json, quick };
        command.SetAction(parsed =>
        {
            ProgramBenchRun.Run(host, parsed.GetValue(json), parsed.GetValue(quick));
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
