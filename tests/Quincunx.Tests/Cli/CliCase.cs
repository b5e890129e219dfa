using System.Text.Json;
using Quincunx.Cli;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs;
using Quincunx.Tests.Runs.Store;
using Spectre.Console;

namespace Quincunx.Tests.Cli;

/// <summary>The command line in a folder of its own, with a good study <c>toy</c> of two moons and stages of milliseconds.</summary>
internal sealed class CliCase : IDisposable
{
    public const string Study = """
        format: 1
        title: A toy
        simulator: two-moons
        prior:
          theta_1: { uniform: { lower: -1, upper: 1 } }
          theta_2: { uniform: { lower: -1, upper: 1 } }
        observation: { values: [0.1, 0.2] }
        inference: { simulations: 100 }
        """;

    public CliCase()
    {
        Scratch.Write("toy/study.yaml", Study);
    }

    public ScratchFolder Scratch { get; } = new();

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>Text of the metrics that the last stage writes.</summary>
    public string Metrics { get; set; } = """
        {"format":1,"verdict":{"level":"trusted","reasons":[]},"other":[1],
         "parameters":[{"name":"theta_1","mean":0.5471,"sd":0.0631,"q025":0.4455,"q975":0.6512},{"name":"theta_2","mean":-12,"sd":null}]}
        """;

    /// <summary>Called in the stage <c>train</c>, after its first epoch of two.</summary>
    public Action InTraining { get; set; } = () => { };

    public CancellationToken Cancel { get; set; }

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public IAnsiConsole? Terminal { get; set; }

    public ISimulatorCatalog Catalog { get; set; } = new SimulatorCatalogAdapter();

    public IExperimentCatalog Experiments { get; set; } = new ExperimentCatalogAdapter();

    /// <summary>Replaces the stages of milliseconds.</summary>
    public Func<IStudy, IEngine, StagePlan>? Stages { get; set; }

    /// <summary>What the programs of a cluster need.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public TextReader Input { get; set; } = TextReader.Null;

    /// <summary>The study as the stages saw it last.</summary>
    public Study? Planned { get; private set; }

    public IEnumerable<JsonElement> Json => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);

    public string this[string name] => Scratch[name];

    /// <returns>The exit code.</returns>
    public int Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Run(output, error, args);
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public int Run(TextWriter output, TextWriter error, params string[] args) => new CliApp(new CliHost
    {
        Output = output,
        Error = error,
        Clock = Clock,
        Directory = Scratch.Path,
        Catalog = Catalog,
        Experiments = Experiments,
        Plan = Stages ?? ((study, _) => Plan((Study)study)),
        Program = LineProgram.Command,
        Environment = Environment,
        Input = Input,
        Terminal = Terminal,
        Cancel = Cancel,
    }).Run(args);

    public void Dispose() => Scratch.Dispose();

    private StagePlan Plan(Study study)
    {
        Planned = study;
        return new StagePlan(
            [
                new ToyStage("simulate-1", [], h => h.Add("seed", study.Seed), Simulate),
                new ToyStage("train-1", ["simulations.txt"], h => h.Add("data", study.Observation), Train),
                new ToyStage("sample", ["network.txt"], _ => { }, (c, _) => c.WriteText("posterior.txt", "draws", "draws")),
                new ToyStage("diagnose", ["posterior.txt"], h => h.Add("metrics", Metrics), (c, _) => c.WriteText("metrics.json", "metrics", Metrics)),
                new ToyStage("report", ["metrics.json"], _ => { }, (c, _) => c.WriteText("report.html", "the report", "report")),
            ],
            command => command is "simulate" or "train" ? command + "-1" : command);
    }

    private static void Simulate(StageContext context, CancellationToken cancel)
    {
        for (int i = 1; i <= 50; i++)
        {
            cancel.ThrowIfCancellationRequested();
            context.Report(2 * i, 100, "simulations");
        }

        context.WriteText("simulations.txt", "simulations", "x");
    }

    private void Train(StageContext context, CancellationToken cancel)
    {
        int epoch = 0;
        Checkpoint checkpoint = context.Checkpoint();
        checkpoint.TryLoad(s => epoch = s.ReadByte());
        for (; epoch < 2; epoch++)
        {
            cancel.ThrowIfCancellationRequested();
            checkpoint.Save(s => s.WriteByte((byte)epoch));
            context.Report(epoch + 1, 2, "epochs", null, ("loss", 1.5), ("validation", double.NaN));
            InTraining();
        }

        context.Warn("two epochs are few [a warning]");
        context.WriteText("network.txt", "the network", "w");
    }
}
