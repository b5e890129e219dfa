using System.Diagnostics;
using System.Text.Json;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;
using Quincunx.Tests.Conventions;
using Quincunx.Tests.Runs;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

public sealed class ExperimentCommandTests
{
    private const string Long = "format: 1\nexperiment: { name: line-fit, options: { epochs: 1500 } }\n";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string> Small => new()
    {
        { "hamiltonian-network", "system: mass-spring, trajectories: 4, width: 8, batch: 30, steps: 20, tests: 2" },
        { "hamiltonian-network", "system: two-body, trajectories: 4, noise: 0, width: 8, batch: 50, steps: 20, tests: 2" },
        { "lattice-flow", "size: 4, couplings: 2, channels: 2, layers: 1, batch: 32, steps: 20, draws: 200, reference-chains: 2, reference-sweeps: 400" },
    };

    public static TheoryData<string, string> Proofs => new()
    {
        { "hnn-mass-spring", "energy_mse" },
        { "hnn-two-body", "energy_mse" },
        { "phi4", "ess" },
    };

    [Theory, MemberData(nameof(Small))]
    public void Run_BuiltInExperimentOfSmallSize_MakesMetricsFiguresAndReport(string name, string options)
    {
        using var cli = new CliCase { Stages = Quincunx.Cli.StudyPlan.Of };
        cli.Scratch.Write("small/study.yaml", $"format: 1\nexperiment: {{ name: {name}, options: {{ {options} }} }}\n");
        Assert.Equal(0, cli.Run("check", "small"));
        Assert.Contains(cli.Run("run", "small"), new[] { 0, 3 });
        Assert.Equal("", cli.Error);
        Assert.Contains("\nquantity ", cli.Output, StringComparison.Ordinal);

        JsonElement metrics = JsonDocument.Parse(File.ReadAllText(cli["runs/small/metrics.json"])).RootElement;
        string[] wanted = name == "lattice-flow" ? ["ess", "chi2", "chi2_error"] : ["energy_mse", "energy_mse_error"];
        Assert.All(wanted, key => Assert.Equal(JsonValueKind.Number, metrics.GetProperty(key).ValueKind));
        Assert.True(Directory.GetFiles(cli["runs/small/figures"], "*.svg").Length >= 5);
        Assert.Contains("</html>", File.ReadAllText(cli["runs/small/report.html"]), StringComparison.Ordinal);

        Assert.Contains(cli.Run("run", "small"), new[] { 0, 3 });
        Assert.Contains("0 stages run and 4 reused", cli.Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Proofs))]
    public void Check_StudiesOfTheRepository_Pass(string name, string metric)
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("check", Path.Combine(RepositoryRoot.Path, "studies", name)));
        Assert.EndsWith("The study can be run.\n", cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("check", Path.Combine(RepositoryRoot.Path, "studies", name), "--json"));
        JsonElement check = Assert.Single(cli.Json);
        Assert.True(check.GetProperty("options").GetProperty("target").GetDouble() > 0, metric);
    }

    [Fact]
    public void Run_Experiment_PrintsItsQuantitiesAndEndsWithTheVerdict()
    {
        using CliCase cli = LineProgram.Case();
        cli.Scratch.Write("fit/study.yaml", "format: 1\nexperiment: line-fit\n");
        Assert.Equal(0, cli.Run("run", "fit"));
        Assert.Contains("Verdict: trusted\n\nquantity  value  error\nslope     ", cli.Output, StringComparison.Ordinal);
        Assert.Contains("4 stages run and 0 reused", cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("show", "fit"));
        Assert.Contains("\nslope ", cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("run", "fit", "--json"));
        JsonElement quantity = cli.Json.Last().GetProperty("quantities")[0];
        Assert.Equal(("slope", 0.01), (quantity.GetProperty("name").GetString(), quantity.GetProperty("error").GetDouble()));
        Assert.Equal(2, cli.Run("export", "fit", "--onnx", "fit.onnx"));
        Assert.Contains("found the run of an experiment, which has no posterior", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("train", "fit", "--seed", "3"));
        Assert.Contains("train (2 of 2): done", cli.Output, StringComparison.Ordinal);

        cli.Scratch.Write("fit/study.yaml", "format: 1\nexperiment: { name: line-fit, options: { outcome: failed } }\n");
        Assert.Equal(3, cli.Run("run", "fit"));
        Assert.Equal(2, cli.Run("sample", "fit"));
        Assert.StartsWith("The study is of an experiment, which has no posterior", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("run", "fit", "--observation", "x.csv"));
        Assert.Contains("an experiment observes nothing", cli.Error, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_KilledInTraining_EndsWithTheSameBytes()
    {
        using ScratchFolder whole = new(), killed = new();
        Complete(whole);
        var rng = new Rng(3);
        int checkpoints = 0;
        for (int kill = 0; kill < 6; kill++)
        {
            killed.Write("fit/study.yaml", Long);
            using Process process = Start(killed);
            while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("train:", StringComparison.Ordinal))
            {
            }

            Thread.Sleep((int)(rng.NextDouble() * 150));
            process.Kill();
            process.WaitForExit();
            checkpoints += Directory.Exists(killed["runs/fit/.checkpoints"]) ? 1 : 0;
            if (RunFolder.ReadManifest(killed["runs/fit"])!.Find("train")!.Status == StageStatus.Complete)
            {
                break;
            }
        }

        Complete(killed);
        Assert.True(checkpoints > 0, "no kill found a checkpoint");
        Assert.Equal(LineStudy.Contents(whole["runs/fit"]), LineStudy.Contents(killed["runs/fit"]));
    }

    private static void Complete(ScratchFolder folder)
    {
        folder.Write("fit/study.yaml", Long);
        using Process process = Start(folder, "--quiet");
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "it does not end");
        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    private static Process Start(ScratchFolder folder, params string[] options) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(ExperimentCommandTests).Assembly.Location, "line", "run", "fit", .. options])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
}
