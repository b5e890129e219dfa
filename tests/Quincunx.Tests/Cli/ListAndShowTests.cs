using System.Text.Json;
using System.Text.RegularExpressions;

namespace Quincunx.Tests.Cli;

public sealed partial class ListAndShowTests
{
    [Fact]
    public void List_RunsOfEveryKind_ShowsEach()
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("list"));
        Assert.Equal($"No runs in {cli["runs"]}.\n", cli.Output);

        cli.Run("run", "toy", "--quiet");
        cli.Run("train", "toy", "--quiet", "--out", "runs/half");
        cli.Run("run", "toy", "--quiet", "--out", "runs/old");
        cli.Run("train", "toy", "--quiet", "--out", "runs/old", "--observation", cli.Scratch.Write("other.csv", "x_1,x_2\n0,0\n"));
        cli.Scratch.Write("runs/bad/manifest.json", "{");
        cli.Scratch.Write("runs/notes/todo.txt", "not a run");

        Assert.Equal(0, cli.Run("list"));
        string[] lines = [.. cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Blanks().Replace(Date().Replace(l, "DATE"), " "))];
        Assert.Equal(5, lines.Length);
        Assert.Equal("folder study changed (UTC) stages verdict", lines[0]);
        Assert.StartsWith($"{cli["runs/bad"]} cannot be read: {cli["runs/bad/manifest.json"]}: line 1: found damage", lines[1], StringComparison.Ordinal);
        Assert.Equal($"{cli["runs/half"]} toy DATE 2 of 2 none", lines[2]);
        Assert.Equal($"{cli["runs/old"]} toy DATE 5 of 5 trusted (outdated)", lines[3]);
        Assert.Equal($"{cli["runs/toy"]} toy DATE 5 of 5 trusted", lines[4]);

        Assert.Equal(0, cli.Run("list", "--json"));
        Assert.Equal([null, null, "trusted", "trusted"], cli.Json.Select(r => r.GetProperty("verdict").GetString()));
        Assert.Equal([false, false, true, false], cli.Json.Select(r => r.GetProperty("outdated").GetBoolean()));
        Assert.Equal(0, cli.Run("list", "--out", "runs/toy", "--json"));
        Assert.Equal("A toy", Assert.Single(cli.Json).GetProperty("title").GetString());
    }

    [Fact]
    public void Show_FinishedRun_HasVerdictParametersAndCost()
    {
        using var cli = new CliCase();
        cli.Run("run", "toy", "--quiet");
        Assert.Equal(0, cli.Run("show", "toy"));
        Assert.StartsWith($"toy: A toy\nFolder: {cli["runs/toy"]}\nSeed: 1\nMade: ", cli.Output, StringComparison.Ordinal);
        Assert.Contains("\nVerdict: trusted\n\nparameter    mean", cli.Output, StringComparison.Ordinal);
        Assert.Matches("\nstage       status +time +attempts +bytes\nsimulate-1  complete +[0-9.]+ s +1 +1\n", cli.Output);
        Assert.DoesNotContain("before the last change", cli.Output, StringComparison.Ordinal);

        Assert.Equal(0, cli.Run("show", "runs/toy", "--json"));
        JsonElement run = Assert.Single(cli.Json);
        Assert.Equal(("trusted", "theta_1", 5), (
            run.GetProperty("verdict").GetProperty("level").GetString(), run.GetProperty("parameters")[0].GetProperty("name").GetString(),
            run.GetProperty("manifest").GetProperty("stages").GetArrayLength()));
    }

    [Fact]
    public void Show_FailedAndOutdatedRun_SaysSo()
    {
        using var cli = new CliCase();
        cli.Run("run", "toy", "--quiet");
        cli.InTraining = () => throw new InvalidOperationException("no more");
        Assert.Equal(1, cli.Run("run", "toy", "--quiet", "--observation", cli.Scratch.Write("other.csv", "x_1,x_2\n0,0\n")));
        Assert.Equal(0, cli.Run("show", "toy"));
        Assert.Contains("The result below is of before the last change of this run; run the study again.\nVerdict: trusted", cli.Output, StringComparison.Ordinal);
        Assert.Contains("train-1 failed: no more\n", cli.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")]
    private static partial Regex Date();

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();
}
