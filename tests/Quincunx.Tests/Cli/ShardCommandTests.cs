using System.Diagnostics;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Store;
using Quincunx.Tests.Runs;
using Quincunx.Tests.Runs.Execution;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary><c>simulate --shard</c> and <c>merge</c>: shards made anywhere, in any order, join to the bytes that one process makes.</summary>
[Trait("Category", "Slow")]
public sealed class ShardCommandTests
{
    private static readonly SlowStudy Study = new();
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Merge_ShardsInAnyOrder_GivesTheBytesOfOneProcess()
    {
        using CliCase cli = Case(Study);
        foreach (int shard in new[] { 3, 7, 1, 5, 2, 6, 4 })
        {
            Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--shard", $"{shard}/7"), cli.Error));
        }

        Assert.Contains("shard-00004-of-00007.npz, 35 simulations", cli.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli["runs"]));
        Assert.Equal((0, ""), (cli.Run("merge", "slow"), cli.Error));
        Assert.Contains($"7 files, 240 simulations that were not there before. Folder: {cli["runs/slow"]}", cli.Output, StringComparison.Ordinal);
        Assert.Equal(Study.Whole(), LineStudy.Contents(cli["runs/slow"]));
        Assert.Equal(StageStatus.Complete, RunFolder.ReadManifest(cli["runs/slow"])!.Find("simulate-1")!.Status);

        Assert.Equal(0, cli.Run("merge", "slow"));
        Assert.Contains("7 files, 0 simulations that were not there before.", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_SomeMissingThenOthersCut_EndsWithFourAndGoesOn()
    {
        using CliCase cli = Case(Study);
        foreach (string shard in new[] { "1/3", "3/3" })
        {
            cli.Run("simulate", "slow", "--shard", shard, "--to", "a");
        }

        Assert.Equal(4, cli.Run("merge", "slow", "a"));
        Assert.Equal("160 of 240 simulations of round-1 are there. Missing: 80 to 159.\n", cli.Error);
        cli.Run("simulate", "slow", "--shard", "4/10", "--to", "b");
        cli.Run("simulate", "slow", "--shard", "6/10", "--to", "b");
        Assert.Equal(4, cli.Run("merge", "slow", "b", "--json"));
        Assert.Equal((4, 40L, 2), (cli.Json.Last().GetProperty("exitCode").GetInt32(), cli.Json.Last().GetProperty("added").GetInt64(), cli.Json.Last().GetProperty("files").GetInt32()));
        Assert.Contains("Missing: 96 to 119, 144 to 159.", cli.Json.Last().GetProperty("missing").GetString(), StringComparison.Ordinal);
        // The rest is made here.
        Assert.Equal((0, ""), (cli.Run("simulate", "slow", "--quiet"), cli.Error));
        Assert.Equal(Study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [Fact]
    public void Merge_TruncatedAndForeignShards_AreNamedAndLeftOut()
    {
        using CliCase cli = Case(Study);
        for (int shard = 1; shard <= 4; shard++)
        {
            cli.Run("simulate", "slow", "--shard", $"{shard}/4", "--to", "a");
        }

        string cut = cli["a/shard-00002-of-00004.npz"], foreign = cli["b/shard-00003-of-00004.npz"];
        byte[] whole = File.ReadAllBytes(cut);
        File.WriteAllBytes(cut, whole[..^100]);
        cli.Run("simulate", "slow", "--shard", "3/4", "--to", "b", "--seed", "4");
        Assert.Equal(2, cli.Run("merge", "slow", "a", foreign));
        Assert.Contains($"{cut}: found a damaged or truncated zip file", cli.Error, StringComparison.Ordinal);
        Assert.Contains($"{foreign}: found events of another campaign (made with another simulator, prior, seed, region or version; key ", cli.Error, StringComparison.Ordinal);
        Assert.Contains("180 of 240 simulations of round-1 are there. Missing: 60 to 119.", cli.Error, StringComparison.Ordinal);

        Assert.Equal(0, cli.Run("simulate", "slow", "--shard", "2/4", "--to", "a"));
        Assert.Contains("It is made anew.", cli.Output, StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(cut));
        Assert.Equal((0, ""), (cli.Run("merge", "slow", cut, "--quiet"), cli.Error));
        Assert.Equal(Study.Whole(), LineStudy.Contents(cli["runs/slow"]));
    }

    [Fact]
    public void Shard_ThereAlready_IsDoneAtOnce()
    {
        using CliCase cli = Case(Study with { Pause = 20, Simulations = 40 });
        Assert.Equal(0, cli.Run("simulate", "slow", "--shard", "2/4", "--to", "a", "--json"));
        Assert.False(cli.Json.Last().GetProperty("wasThere").GetBoolean());
        File.SetLastWriteTimeUtc(cli["a/shard-00002-of-00004.npz"], DateTime.UnixEpoch);
        Assert.Equal(0, cli.Run("simulate", "slow", "--shard", "2/4", "--to", "a", "--json"));
        Assert.True(cli.Json.Last().GetProperty("wasThere").GetBoolean());
        Assert.Equal(10, cli.Json.Last().GetProperty("rows").GetInt32());
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(cli["a/shard-00002-of-00004.npz"]));
        Assert.Equal(2, cli.Run("simulate", "slow", "--shard", "2/4", "--to", "a", "--seed", "8"));
        Assert.Contains("found a shard of another campaign, expected none, or one of round-1 of the study as it is now", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shard_OfTheSecondRound_NeedsTheRunAndJoinsIt()
    {
        var study = new LineStudy { Rounds = 2, Simulations = 400, Epochs = 3 };
        using var whole = LineProgram.Case();
        study.Write(whole.Scratch);
        Assert.Equal(0, whole.Run("simulate", "line", "--quiet"));

        using var cli = LineProgram.Case();
        study.Write(cli.Scratch);
        Assert.Equal(2, cli.Run("simulate", "line", "--shard", "1/2", "--round", "2"));
        Assert.Contains(Path.Combine("regions", "round-2.npz: found no such file"), cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("simulate", "line", "--shard", "1/2", "--round", "3"));
        Assert.Equal("Found round 3, expected one of the study's: 1 to 2.\n", cli.Error);
        Directory.CreateDirectory(cli["runs/line/regions"]);
        File.Copy(whole["runs/line/regions/round-2.npz"], cli["runs/line/regions/round-2.npz"]);
        foreach ((string shard, string round) in new[] { ("1/2", "1"), ("2/2", "1"), ("1/2", "2"), ("2/2", "2") })
        {
            Assert.Equal(0, cli.Run("simulate", "line", "--shard", shard, "--round", round, "--to", "of-" + round));
        }

        Directory.Delete(cli["runs"], recursive: true);
        Assert.Equal((0, ""), (cli.Run("merge", "line", "of-1", "of-2", "--quiet"), cli.Error));
        Assert.Equal(LineStudy.Contents(whole["runs/line"]), LineStudy.Contents(cli["runs/line"]));
    }

    [Theory]
    [InlineData("simulate slow --shard 0/4", "--shard: found '0/4', expected i/n with i from 1 to n and n at most 99999.")]
    [InlineData("simulate slow --shard 1/241", "Found 241 shards, expected at most one for each of the 240 simulations.")]
    [InlineData("simulate slow --to a", "--to: found without --shard, expected with it.")]
    [InlineData("simulate slow --shard 1/4 --round 0", "--round: found '0', expected a whole number from 1.")]
    [InlineData("merge slow nowhere.npz", "nowhere.npz: found no such file, expected a readable file. It was left out.")]
    [InlineData("merge slow slow", "found a folder without shards, expected files shard-*.npz.")]
    public void Options_ThatCannotBeUsed_EndWithTwo(string args, string message)
    {
        using CliCase cli = Case(Study);
        Assert.Equal(2, cli.Run(args.Split(' ')));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shard_KilledAtRandomMoments_GoesOnAndEndsWithTheSameBytes()
    {
        using CliCase cli = Case(Study with { Held = true, Simulations = 2000 });
        cli.Run("simulate", "slow", "--shard", "1/1", "--to", "whole");
        var rng = new Rng(1);
        long saved = 0;
        for (int kill = 0; kill < 3; kill++)
        {
            using Process process = SlowStudy.Start(cli.Scratch, null, "simulate", "slow", "--shard", "1/1", "--to", "killed", "--quiet");
            long began = TimeProvider.System.GetTimestamp(), before = saved;
            // Each process comes further than the last one.
            while ((saved = SlowStudy.Saved(cli, "killed").Sum()) <= before)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "nothing is saved");
                Thread.Sleep(10);
            }

            Thread.Sleep(Hold.Beat * rng.NextDouble());
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal(0, cli.Run("simulate", "slow", "--shard", "1/1", "--to", "killed"));
        Assert.Equal(File.ReadAllBytes(cli["whole/shard-00001-of-00001.npz"]), File.ReadAllBytes(cli["killed/shard-00001-of-00001.npz"]));
        Assert.Single(Directory.GetFiles(cli["killed"]));           // and nothing of the killed is left
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shard_TerminatedOrLetGo_EndsWithFourAndKeepsWhatIsDone(bool terminated)
    {
        if (terminated && OperatingSystem.IsWindows())
        {
            return;                 // there is no such signal
        }

        using CliCase cli = Case(Study with { Held = true, Simulations = 2000 });
        string[] leash = terminated ? [] : ["--until-input-ends"];
        using Process process = SlowStudy.Start(cli.Scratch, null, ["simulate", "slow", "--shard", "2/2", "--to", "a", .. leash]);
        Assert.Equal("shard 2/2 (1 of 1): started, round 1", process.StandardOutput.ReadLine());
        process.StandardOutput.ReadLine();                  // something is done
        if (terminated)
        {
            SlowStudy.Signal("TERM", process);
        }
        else
        {
            process.StandardInput.Close();
        }

        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "it does not end");
        Assert.Equal((4, "Interrupted. What is done of shard 2/2 is kept in a; the same command goes on from there.\n"), (process.ExitCode, error));
        long saved = ShardFile.ReadAbout(cli["a/shard-00002-of-00002.partial.npz"]).Rows();
        Assert.InRange(saved, 1, 999);
    }

    [Fact]
    public void Shard_MadeByTwoAtOnce_IsWhole()
    {
        using CliCase cli = Case(Study with { Pause = 1, Simulations = 400 });
        Process[] processes = [.. Enumerable.Range(0, 2).Select(_ => SlowStudy.Start(cli.Scratch, null, "simulate", "slow", "--shard", "1/1", "--to", "both", "--quiet"))];
        foreach (Process process in processes)
        {
            Assert.Equal("", process.StandardError.ReadToEnd());
            Assert.True(process.WaitForExit(Patience), "it does not end");
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        cli.Run("simulate", "slow", "--shard", "1/1", "--to", "alone");
        Assert.Equal(File.ReadAllBytes(cli["alone/shard-00001-of-00001.npz"]), File.ReadAllBytes(cli["both/shard-00001-of-00001.npz"]));
    }

    [SmallDiskFact]
    public void Shard_DiskFull_SaysSoAndTheNextAttemptIsWhole()
    {
        using var disk = new SmallDisk(kibibytes: 16);
        using CliCase cli = Case(Study with { Simulations = 4000 });
        Assert.Equal(2, cli.Run("simulate", "slow", "--shard", "1/1", "--to", disk["shards"]));
        Assert.Contains("found a full disk while writing a shard", cli.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(disk["shards"]));
        disk.Resize(256);
        Assert.Equal(0, cli.Run("simulate", "slow", "--shard", "1/1", "--to", disk["shards"]));
        Assert.Equal(0, cli.Run("merge", "slow", disk["shards"], "--quiet"));
    }

    private static CliCase Case(SlowStudy study) => study.Case();
}
