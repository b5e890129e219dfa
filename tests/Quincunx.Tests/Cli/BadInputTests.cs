using System.Text.Json;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;
using Quincunx.Tests.Runs;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary>Broken simulators, disks and files, as the command meets them with its real stages; afterwards it goes on as if nothing had been.</summary>
[Trait("Category", "Slow")]
public sealed class BadInputTests
{
    private static readonly LineStudy Good = new() { Rounds = 2, Reweights = true, Simulations = 400, Epochs = 4, Diagnostics = "{ sbc: 20, sbc-draws: 20, predictive: 20 }" };
    private static readonly Lazy<SortedDictionary<string, string>> Undisturbed = new(() =>
    {
        using CliCase cli = LineProgram.Case();
        AssertEndsUndisturbed(cli, compare: false);
        return LineStudy.Contents(cli["runs/line"]);
    });

    public static TheoryData<string> Archives =>
    [
        "simulations/round-1.json", "network/round-1.npz", "simulations/round-2.json", "network/round-2.npz", "raw-posterior.npz", "posterior.npz", "diagnostics.npz",
    ];

    [Theory]
    [InlineData("always", "found InvalidOperationException: the line is broken at start = ")]
    [InlineData("nan", "found Output y_2 is NaN. at start = ")]
    public void Simulator_FailsAlways_EndsWithTwoAndGoesOnOnceMended(string fails, string message)
    {
        using CliCase cli = LineProgram.Case();
        (Good with { Fails = fails }).Write(cli.Scratch);
        Assert.Equal(2, cli.Run("run", "line", "--quiet"));
        Assert.StartsWith("Simulator 'line': all of the first ", cli.Error, StringComparison.Ordinal);
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Error, StringComparison.Ordinal);
        Assert.Equal(StageStatus.Failed, RunFolder.ReadManifest(cli["runs/line"])!.Find("simulate-1")!.Status);
        Assert.Equal(2, cli.Run("run", "line", "--json"));
        Assert.Equal(("error", "run", 2), Kind(cli));
        Assert.Equal(2, cli.Run("check", "line"));
        Assert.Contains("simulations failed", cli.Error, StringComparison.Ordinal);

        AssertEndsUndisturbed(cli);
    }

    [Theory]
    [InlineData("sometimes")]
    [InlineData("throws-sometimes")]
    public void Simulator_FailsSometimes_CountsWarnsAndGivesTheSameTwice(string fails)
    {
        using CliCase cli = LineProgram.Case();
        (Good with { Fails = fails, StartMean = 0.3 }).Write(cli.Scratch);
        int code = cli.Run("run", "line");
        Assert.Contains(code, new[] { 0, 3 });
        Assert.Equal("", cli.Error);
        Assert.Matches(@"simulate-1: warning: \d+ of 400 simulations failed and are left out: what is learned is the posterior under the prior given success\. First failure, simulation \d+: ", cli.Output);
        Assert.Matches(@"  - \d+ of \d+ simulations failed", cli.Output);
        Assert.Equal(code, cli.Run("run", "line", "--out", "again", "--json"));
        Assert.Contains(cli.Json, line => line.GetProperty("event").GetString() == "progress" && line.GetProperty("state").GetString() == "warning"
            && line.GetProperty("message").GetString()!.Contains("simulations failed", StringComparison.Ordinal));
        Assert.Equal(LineStudy.Contents(cli["runs/line"]), LineStudy.Contents(cli["again"]));
    }

    [Theory, MemberData(nameof(Archives))]
    public void Archive_Damaged_IsReportedAndMadeAgain(string file)
    {
        using CliCase cli = LineProgram.Case();
        AssertEndsUndisturbed(cli);
        byte[] bytes = File.ReadAllBytes(cli["runs/line/" + file]);
        byte[] flipped = [.. bytes];
        flipped[bytes.Length / 2] ^= 1;
        foreach (byte[] damaged in new[] { flipped, bytes[..(bytes.Length / 3)], [] })
        {
            File.WriteAllBytes(cli["runs/line/" + file], damaged);
            AssertEndsUndisturbed(cli);
            Assert.Contains($"{file} is not as it was written; '", cli.Output, StringComparison.Ordinal);
            Assert.Contains("1 stage run and ", cli.Output, StringComparison.Ordinal);
            cli.Run("list");
            Assert.DoesNotContain("outdated", cli.Output, StringComparison.Ordinal);
        }

        File.Delete(cli["runs/line/" + file]);
        AssertEndsUndisturbed(cli);
        Assert.Contains($"started, {file} is missing", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_DamagedAnywhere_IsNoticedAndMadeAgainWhereItMatters()
    {
        using CliCase cli = LineProgram.Case();
        AssertEndsUndisturbed(cli);
        string store = cli["runs/line/simulations.db"];
        byte[] good = File.ReadAllBytes(store);
        var rng = new Rng(3);
        int noticed = 0;
        for (int trial = 0; trial < 24; trial++)
        {
            // Behind the header, where the version number and the mark of our program cannot be told from those of another file.
            int at = 100 + (int)(rng.NextUInt64() % (ulong)(good.Length - 100));
            byte[] bad = [.. good];
            bad[at] ^= (byte)(1 << (trial % 8));
            File.WriteAllBytes(store, trial % 6 == 5 ? bad[..at] : bad);
            AssertEndsUndisturbed(cli);
            noticed += cli.Output.Contains("simulations.db is not as it was written", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(noticed > 3, $"only {noticed} were noticed");           // the truncated ones at least; much of so small a file is empty
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Store_EmptyOrMissing_IsMadeAgain(bool missing)
    {
        using CliCase cli = LineProgram.Case();
        AssertEndsUndisturbed(cli);
        File.WriteAllBytes(cli["runs/line/simulations.db"], []);
        if (missing)
        {
            File.Delete(cli["runs/line/simulations.db"]);
        }

        AssertEndsUndisturbed(cli);
        Assert.Contains("2 stages run and ", cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-1")]
    public void Checkpoint_Damaged_IsPutAsideAndNotUsed(string stage)
    {
        using CliCase cli = LineProgram.Case();
        using var source = new CancellationTokenSource();
        // Cancelled where there is something to keep: the rounds are larger, so that a stage has several chunks and epochs.
        LineStudy study = Good with { Simulations = 1600 };
        study.Write(cli.Scratch);
        cli.Cancel = source.Token;
        using var error = new StringWriter();
        using (var output = new Trigger(stage, source))
        {
            Assert.Equal(4, cli.Run(output, error, "run", "line", "--json"));
        }

        string checkpoint = cli[$"runs/line/.checkpoints/{stage}.state.checkpoint"];
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);
        cli.Cancel = CancellationToken.None;
        Assert.Contains(cli.Run("run", "line"), new[] { 0, 3 });
        Assert.Contains($"{stage}: warning: The checkpoint ", cli.Output, StringComparison.Ordinal);
        Assert.Contains("is not used: it is damaged: its checksum differs. It was renamed to ", cli.Output, StringComparison.Ordinal);
        string aside = Assert.Single(Directory.GetFiles(cli["runs/line/.checkpoints"]));
        Assert.Equal(bytes, File.ReadAllBytes(aside));
        Directory.Delete(cli["runs/line/.checkpoints"], recursive: true);

        Assert.Contains(cli.Run("run", "line", "--out", "whole", "--quiet"), new[] { 0, 3 });
        Assert.Equal(LineStudy.Contents(cli["whole"]), LineStudy.Contents(cli["runs/line"]));
    }

    [Fact]
    public void Manifest_DamagedOrNewer_IsRefusedAndTheRunKept()
    {
        using CliCase cli = LineProgram.Case();
        AssertEndsUndisturbed(cli);
        string path = cli["runs/line/manifest.json"], manifest = File.ReadAllText(path);
        foreach ((string text, string found) in new[]
        {
            (manifest[..(manifest.Length / 2)], "manifest.json: line "),
            ("", "found damage: text that is not JSON"),
            (manifest.Replace("\"format\": 1", "\"format\": 99", StringComparison.Ordinal), "found format 99, of a newer version of Quincunx, expected format 1 (use the newer version, or another folder with --out; nothing was changed)."),
        })
        {
            File.WriteAllText(path, text);
            foreach (string command in new[] { "run", "simulate", "report" })
            {
                Assert.Equal(2, cli.Run(command, "line"));
                Assert.Contains(found, cli.Error, StringComparison.Ordinal);
                Assert.Equal(text, File.ReadAllText(path));
                Assert.Equal(Undisturbed.Value, LineStudy.Contents(cli["runs/line"]));
            }
        }

        File.Delete(path);                  // what the message advises where it cannot be restored
        AssertEndsUndisturbed(cli);
        File.WriteAllText(path, manifest);
        // An old manifest beside newer files: where the times that the report shows differ, it is not the file that was recorded.
        File.AppendAllText(cli["runs/line/report.html"], "\n");
        AssertEndsUndisturbed(cli);
        Assert.Contains("report.html is not as it was written; 'report' is run again.", cli.Output, StringComparison.Ordinal);
        Assert.Contains("1 stage run and 8 reused", cli.Output, StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void Disk_Full_EndsWithTwoAndGoesOnOnceThereIsRoom()
    {
        using CliCase cli = LineProgram.Case();
        Good.Write(cli.Scratch);
        using var disk = new SmallDisk(kibibytes: 8);
        foreach (int kibibytes in new[] { 8, 32, 64, 128, 256 })
        {
            disk.Resize(kibibytes);
            Assert.Equal(2, cli.Run("run", "line", "--quiet", "--out", disk["run"]));
            Assert.Contains(disk["run"], cli.Error, StringComparison.Ordinal);
            Assert.Contains("full", cli.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(disk.Path, "*.partial", SearchOption.AllDirectories));
        }

        disk.Resize(kibibytes: 16 << 10);
        Assert.Contains(cli.Run("run", "line", "--quiet", "--out", disk["run"]), new[] { 0, 3 });
        Assert.Equal(Undisturbed.Value, LineStudy.Contents(disk["run"]));
    }

    [SmallDiskFact]
    public void Disk_ReadOnlyWithARun_EndsWithTwoAndShowsItStill()
    {
        using CliCase cli = LineProgram.Case();
        Good.Write(cli.Scratch);
        using var disk = new SmallDisk(kibibytes: 16 << 10);
        int code = cli.Run("run", "line", "--quiet", "--out", disk["run"]);
        disk.MakeReadOnly();
        Assert.Equal(2, cli.Run("run", "line", "--out", disk["run"]));
        Assert.Contains("read-only", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("show", disk["run"]));
        Assert.Equal(0, cli.Run("list", "--out", disk.Path));
        disk.MakeWritable();
        Assert.Equal(code, cli.Run("run", "line", "--out", disk["run"]));
        Assert.Contains("0 stages run", cli.Output, StringComparison.Ordinal);
        Assert.Equal(Undisturbed.Value, LineStudy.Contents(disk["run"]));
    }

    private static (string?, string?, int) Kind(CliCase cli)
    {
        JsonElement last = cli.Json.Last();
        return (last.GetProperty("event").GetString(), last.GetProperty("kind").GetString(), last.GetProperty("exitCode").GetInt32());
    }

    private static void AssertEndsUndisturbed(CliCase cli, bool compare = true)
    {
        Good.Write(cli.Scratch);
        int code = cli.Run("run", "line");
        Assert.Equal("", cli.Error);
        Assert.Contains(code, new[] { 0, 3 });
        if (compare)
        {
            File.Delete(cli["runs/line/simulations.db.rejected"]);          // put aside, to be deleted at will
            Assert.Equal(Undisturbed.Value, LineStudy.Contents(cli["runs/line"]));
        }
    }

    /// <summary>Cancels when a stage has done something worth a checkpoint: its first chunk or epoch.</summary>
    private sealed class Trigger(string stage, CancellationTokenSource source) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            JsonElement line = JsonDocument.Parse(value!).RootElement;
            if (line.GetProperty("event").GetString() == "progress" && line.GetProperty("stage").GetString() == stage
                && line.GetProperty("done") is { ValueKind: JsonValueKind.Number } done && done.GetDouble() >= (stage.StartsWith("simulate", StringComparison.Ordinal) ? 501 : 1))
            {
                source.Cancel();
            }
        }
    }
}
