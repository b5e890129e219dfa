using System.Text.Json;
using Quincunx.Runs.Store;

namespace Quincunx.Tests.Cli;

public sealed class RunCommandTests
{
    private const string DoNotTrust = """{"format":1,"verdict":{"level":"do-not-trust","reasons":["Calibration: the ranks are not uniform."]},"parameters":[]}""";

    [Fact]
    public void Run_TrustedStudy_PrintsVerdictTableAndReport()
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("run", "toy"));
        Assert.Equal("", cli.Error);
        string folder = cli[Path.Combine("runs", "toy")];
        string summary = cli.Output[cli.Output.IndexOf("Verdict", StringComparison.Ordinal)..];
        Assert.StartsWith($"""
            Verdict: trusted

            parameter    mean      sd   2.5 %  97.5 %
            theta_1    0.5471  0.0631  0.4455  0.6512
            theta_2       -12       -       -       -

            Report: {Path.Combine(folder, "report.html")}
            5 stages run and 0 reused in 
            """.ReplaceLineEndings("\n"), summary, StringComparison.Ordinal);

        Assert.Equal(0, cli.Run("run", "toy/study.yaml"));
        Assert.Contains("0 stages run and 5 reused", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAnEnsemble_PrintsWhereItsNetworksDiffer()
    {
        using var cli = new CliCase
        {
            Metrics = """{"format":1,"parameters":[{"name":"theta_1","mean":0.5,"sd":0.1,"q025":0.3,"q975":0.7,"networks":{"mean":0.01,"q025":0.02,"q975":0.03}}]}""",
        };
        Assert.Equal(0, cli.Run("run", "toy"));
        Assert.Contains("mean ±  2.5 % ±  97.5 % ±\ntheta_1    0.500  0.100  0.300   0.700   0.010    0.020     0.030\n±: standard deviation between the networks of the ensemble.", cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("run", "toy", "--json"));
        Assert.Contains("\"networks\":{\"mean\":0.01,\"q025\":0.02,\"q975\":0.03}", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Caution_EndsWithZeroAndSaysWhy()
    {
        using var cli = new CliCase { Metrics = """{"format":1,"verdict":{"level":"caution","reasons":["Few draws."]}}""" };
        Assert.Equal(0, cli.Run("run", "toy"));
        Assert.Contains("Verdict: caution\n  - Few draws.\n", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DoNotTrust_EndsWithThree()
    {
        using var cli = new CliCase { Metrics = DoNotTrust };
        Assert.Equal(3, cli.Run("run", "toy"));
        Assert.Contains("Verdict: do not trust\n  - Calibration: the ranks are not uniform.\n", cli.Output, StringComparison.Ordinal);
        Assert.Equal(3, cli.Run("run", "toy", "--quiet"));
        Assert.Equal(("", ""), (cli.Output, cli.Error));
        Assert.Equal(3, cli.Run("diagnose", "toy"));
        Assert.Equal(0, cli.Run("sample", "toy"));             // judges nothing: the verdict is of a later stage
        Assert.DoesNotContain("Verdict", cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulate", "simulate-1")]
    [InlineData("train", "train-1")]
    [InlineData("sample", "sample")]
    [InlineData("diagnose", "diagnose")]
    [InlineData("report", "report")]
    public void SingleStage_RunsWhatItNeedsAndNoMore(string command, string last)
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run(command, "toy", "--quiet"));
        Assert.Equal(last, RunFolder.ReadManifest(cli["runs/toy"])!.Stages[^1].Name);
    }

    [Fact]
    public void Run_SeedAndOut_ReplaceTheStudys()
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("run", "toy", "--seed", "9007199254740991", "--out", "elsewhere", "--quiet"));
        Assert.Equal(9007199254740991UL, RunFolder.ReadManifest(cli["elsewhere"])!.Seed);
        Assert.False(Directory.Exists(cli["runs"]));
    }

    [Fact]
    public void Run_Observation_ReplacesTheStudysAndRepeatsWhatDependsOnIt()
    {
        using var cli = new CliCase();
        cli.Run("run", "toy", "--quiet");
        cli.Scratch.Write("other.csv", "x_2,x_1\n0.75,-0.5\n");
        Assert.Equal(0, cli.Run("run", "toy", "--observation", "other.csv"));
        Assert.Equal([-0.5, 0.75], cli.Planned!.Observation);
        Assert.Equal(cli["other.csv"], cli.Planned.Inputs[1].Name);
        Assert.Contains("simulate-1 (1 of 5): unchanged\ntrain-1 (2 of 5): started, its inputs changed\n", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Json_IsOneObjectALineWithASummaryAtTheEnd()
    {
        using var cli = new CliCase { Metrics = DoNotTrust };
        Assert.Equal(3, cli.Run("run", "toy", "--json"));
        JsonElement[] lines = [.. cli.Json];
        Assert.All(lines[..^1], line => Assert.Equal("progress", line.GetProperty("event").GetString()));
        JsonElement epoch = lines[..^1].Last(l => l.GetProperty("stage").GetString() == "train-1" && l.GetProperty("state").GetString() == "working");
        Assert.Equal((2, 2, 1.5), (epoch.GetProperty("done").GetDouble(), epoch.GetProperty("total").GetDouble(), epoch.GetProperty("values").GetProperty("loss").GetDouble()));
        Assert.Equal(JsonValueKind.Null, epoch.GetProperty("values").GetProperty("validation").ValueKind);
        JsonElement summary = lines[^1];
        Assert.Equal(("summary", 3, "do-not-trust"), (
            summary.GetProperty("event").GetString(), summary.GetProperty("exitCode").GetInt32(), summary.GetProperty("verdict").GetProperty("level").GetString()));
        Assert.Equal(5, summary.GetProperty("stages").GetArrayLength());

        cli.Run("run", "toy", "--json", "--quiet");
        Assert.Equal("summary", Assert.Single(cli.Json).GetProperty("event").GetString());
    }

    [Fact]
    public void Run_Interrupted_EndsWithFourAndTheSameCommandGoesOn()
    {
        using var source = new CancellationTokenSource();
        using var cli = new CliCase { Cancel = source.Token };
        cli.InTraining = source.Cancel;
        Assert.Equal(4, cli.Run("run", "toy", "--out", "my run"));
        Assert.Equal(
            $"Interrupted. What is done so far is kept in {cli["my run"]}; the same command goes on from there:\n  quincunx run toy --out 'my run'\n", cli.Error);
        Assert.Equal(StageStatus.Interrupted, RunFolder.ReadManifest(cli["my run"])!.Find("train-1")!.Status);

        int epochs = 0;
        cli.Cancel = CancellationToken.None;
        cli.InTraining = () => epochs++;
        Assert.Equal(0, cli.Run("run", "toy", "--out", "my run"));
        Assert.Contains("train-1 (2 of 5): started, it was interrupted\n", cli.Output, StringComparison.Ordinal);
        Assert.Equal(2, epochs);                                // the checkpoint was saved before the first
        Assert.Equal(2, RunFolder.ReadManifest(cli["my run"])!.Find("train-1")!.Attempts);
    }

    [Fact]
    public void Run_InterruptedWithJson_SaysHowToResume()
    {
        using var source = new CancellationTokenSource();
        using var cli = new CliCase { Cancel = source.Token };
        cli.InTraining = source.Cancel;
        Assert.Equal(4, cli.Run("run", "toy", "--json"));
        JsonElement last = cli.Json.Last();
        Assert.Equal(("interrupted", "interrupted", 4, "quincunx run toy --json"), (
            last.GetProperty("event").GetString(), last.GetProperty("kind").GetString(), last.GetProperty("exitCode").GetInt32(),
            last.GetProperty("resume").GetString()));
        Assert.Equal(cli.Error, last.GetProperty("message").GetString() + "\n");
    }
}
