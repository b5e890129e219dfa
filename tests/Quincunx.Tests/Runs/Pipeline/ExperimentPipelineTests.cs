using System.Globalization;
using System.Text.Json;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Store;

namespace Quincunx.Tests.Runs.Pipeline;

public sealed class ExperimentPipelineTests
{
    private static readonly string[] Files =
    [
        "data/data.npz", "evaluation.json", "figures/line.csv", "figures/line.svg", "figures/residuals.csv", "figures/residuals.svg", "figures/training.csv", "figures/training.svg",
        "metrics.json", "network/training.json", "network/weights.npz", "report.html",
    ];

    [Fact]
    public void Run_Twice_MakesTheSameFilesAndReusesThem()
    {
        using ScratchFolder folder = new(), other = new();
        Assert.Equal(["data", "train", "evaluate", "report"], Repeated(Run(folder)));
        Run(other);
        SortedDictionary<string, string> contents = LineStudy.Contents(folder["run"]);
        Assert.Equal(Files, contents.Keys);
        Assert.Equal(contents, LineStudy.Contents(other["run"]));

        Assert.Empty(Repeated(Run(folder)));
        Assert.Equal(["report"], Repeated(Run(folder, title: "Another line")));
        Assert.Equal(["data", "train", "evaluate", "report"], Repeated(Run(folder, "epochs: 21")));
        Assert.Equal(["data", "train", "evaluate", "report"], Repeated(Run(folder, "epochs: 21", seed: 8)));
    }

    [Fact]
    public void Metrics_OfAnExperiment_StandAtTheTopWithTheirErrors()
    {
        using var folder = new ScratchFolder();
        Run(folder);
        JsonElement metrics = JsonDocument.Parse(File.ReadAllText(folder["run/metrics.json"])).RootElement;
        Assert.Equal(
            ["format", "verdict", "experiment", "slope", "slope_error", "level", "unknown", "training"], metrics.EnumerateObject().Select(p => p.Name));
        Assert.InRange(metrics.GetProperty("slope").GetDouble(), 1.9, 2.1);
        Assert.Equal(0.01, metrics.GetProperty("slope_error").GetDouble());
        Assert.Equal(JsonValueKind.Null, metrics.GetProperty("unknown").ValueKind);
        Assert.Equal("line-fit", metrics.GetProperty("experiment").GetString());
        Assert.Equal(20, metrics.GetProperty("training").GetProperty("epochs").GetInt32());
        string report = File.ReadAllText(folder["run/report.html"]);
        Assert.All(["A line through points.", "the line was drawn", "squared error (m²)", "residual (m)", "figures/line.csv", "<td>2</td>"], text => Assert.Contains(text, report, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("passed", "trusted")]
    [InlineData("doubtful", "caution")]
    [InlineData("failed", "do-not-trust")]
    public void Verdict_IsTheWorstCheck(string outcome, string level)
    {
        using var folder = new ScratchFolder();
        Run(folder, $"outcome: {outcome}");
        Assert.Equal(level, Level(folder));
    }

    [Fact]
    public void Verdict_DivergedTraining_IsNotTrusted()
    {
        using var folder = new ScratchFolder();
        var progress = new ProgressList();
        Run(folder, "rate: 1e9", progress: progress);
        Assert.Equal("do-not-trust", Level(folder));
        Assert.Contains(progress.Reports, p => p.Event == StageEvent.Warning && p.Message!.Contains("diverged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(19)]
    public void Run_InterruptedInTraining_GoesOnToTheSameBytes(int epochs)
    {
        using ScratchFolder folder = new(), other = new();
        Run(other);
        using var source = new CancellationTokenSource();
        var interrupt = new Interrupt(source, epochs);
        Assert.Throws<OperationCanceledException>(() => Run(folder, progress: interrupt, cancel: source.Token));
        Assert.Equal(StageStatus.Interrupted, RunFolder.ReadManifest(folder["run"])!.Find("train")!.Status);
        Assert.True(Directory.Exists(folder["run/.checkpoints"]));

        interrupt.Least = double.NaN;
        Assert.Equal(["train", "evaluate", "report"], Repeated(Run(folder, progress: interrupt)));
        Assert.Equal(epochs + 1, interrupt.Least);                     // those before are not trained again
        Assert.Equal(LineStudy.Contents(other["run"]), LineStudy.Contents(folder["run"]));
    }

    [Theory]
    [InlineData("simulate", "data")]
    [InlineData("train", "train")]
    [InlineData("diagnose", "evaluate")]
    [InlineData("report", "report")]
    public void LastStage_OfEachCommand_IsAStage(string command, string stage)
    {
        using var folder = new ScratchFolder();
        var pipeline = ExperimentPipeline.Create(Load(folder));
        Assert.Equal(stage, pipeline.LastStage(command));
        Assert.Contains(pipeline.Stages, s => s.Name == stage);
        Assert.Contains("no posterior", Assert.Throws<RunException>(() => pipeline.LastStage("sample")).Message, StringComparison.Ordinal);
    }

    private static ExperimentStudy Load(ScratchFolder folder, string options = "epochs: 20", string title = "A line", int seed = 7) => (ExperimentStudy)StudyFile.Load(
        folder.Write("fit/study.yaml", string.Create(CultureInfo.InvariantCulture, $"format: 1\ntitle: {title}\nexperiment: {{ name: line-fit, options: {{ {options} }} }}\nseed: {seed}\n")),
        new LineCatalog(), new LineExperiments());

    private static IReadOnlyList<StageSummary> Run(
        ScratchFolder folder, string options = "epochs: 20", string title = "A line", int seed = 7, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ExperimentStudy study = Load(folder, options, title, seed);
        using var run = RunFolder.Open(folder["run"], study, TimeProvider.System);
        return new StageEngine(run, ExperimentPipeline.Create(study).Stages, progress).Run(last: null, cancel);
    }

    private static string[] Repeated(IReadOnlyList<StageSummary> stages) => [.. stages.Where(s => !s.Reused).Select(s => s.Name)];

    private static string? Level(ScratchFolder folder) =>
        JsonDocument.Parse(File.ReadAllText(folder["run/metrics.json"])).RootElement.GetProperty("verdict").GetProperty("level").GetString();

    // Cancels when so many epochs are done, and keeps the first count it sees afterwards.
    private sealed class Interrupt(CancellationTokenSource source, int epochs) : IProgress<StageProgress>
    {
        public double Least { get; set; }

        public void Report(StageProgress value)
        {
            if (value is { Stage: "train", Event: StageEvent.Working })
            {
                Least = double.IsNaN(Least) ? value.Done : Least;
                if (value.Done == epochs)
                {
                    source.Cancel();
                }
            }
        }
    }
}
