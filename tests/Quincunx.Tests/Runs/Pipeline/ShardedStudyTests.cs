using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Shards;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies whose simulations exceed the memory that they allow.</summary>
public sealed class ShardedStudyTests
{
    // 4000 simulations of 5 numbers are 160 kB; a shard has 102, a window of training some 1600.
    private static readonly LineStudy Study = new() { Simulations = 4000, Epochs = 4, Memory = "128 KiB", Fails = "sometimes", StartMean = -1 };

    [Fact, Trait("Category", "Slow")]
    public void Run_OfMoreThanMemoryHolds_HasTheSimulationsOfARunInMemory()
    {
        using ScratchFolder folder = new(), other = new(), whole = new();
        Study.Run(folder);
        Study.Run(other);
        (Study with { Memory = "1 GiB" }).Run(whole);

        SortedDictionary<string, string> contents = LineStudy.Contents(folder["run"]);
        Assert.Equal(contents, LineStudy.Contents(other["run"]));
        Assert.DoesNotContain("simulations/round-1.npz", contents.Keys);
        Assert.Equal(41, contents.Keys.Count(k => k.StartsWith("simulations/round-1/", StringComparison.Ordinal)));         // 40 shards and the index
        Assert.Equal(File.ReadAllText(whole["run/simulations/round-1.json"]), File.ReadAllText(folder["run/simulations/round-1.json"]));

        NpzFile all = NpzFile.Read(whole["run/simulations/round-1.npz"]);
        var shards = ShardSet.Open(folder["run/simulations/round-1/index.json"]);
        List<double> theta = [], x = [];
        foreach (ShardEntry shard in shards.Index.Shards)
        {
            NpzFile file = NpzFile.Read(folder["run/simulations/round-1/" + shard.File]);
            theta.AddRange(file.Values<double>("theta"));
            x.AddRange(file.Values<double>("x"));
        }

        Assert.Equal(all.Values<double>("theta"), theta);
        Assert.Equal(all.Values<double>("x"), x);
        Assert.True(shards.Excluded > 20);

        // Reused as they are; another memory trains again from the same simulations, as far as shards stay as long.
        Assert.All(Study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        Assert.DoesNotContain("simulate-1", (Study with { Epochs = 3 }).Run(folder).Where(s => !s.Reused).Select(s => s.Stage));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_InMemoryAfterShards_LeavesNoShards()
    {
        using ScratchFolder folder = new(), whole = new();
        var small = Study with { Simulations = 3500, Epochs = 2 };
        small.Run(folder);
        (small with { Memory = "1 GiB" }).Run(folder);
        (small with { Memory = "1 GiB" }).Run(whole);
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_StoppedInTheMiddleOfTheShards_TakesOverTheWholeOnes()
    {
        using ScratchFolder folder = new(), whole = new();
        Study.Run(whole);
        foreach (int stopAfter in new[] { 1, 700, 3900 })
        {
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Study.Run(folder, progress: new Stopper(source, stopAfter), cancel: source.Token));
        }

        // A shard that was damaged meanwhile, and one that belongs to nobody.
        string damaged = folder["run/simulations/round-1/shard-00003.npz"];
        File.WriteAllBytes(damaged, new byte[100]);
        File.WriteAllText(folder["run/simulations/round-1/shard-00777.npz"], "?");
        DateTime kept = File.GetLastWriteTimeUtc(folder["run/simulations/round-1/shard-00004.npz"]);
        Study.Run(folder);
        Assert.Equal(kept, File.GetLastWriteTimeUtc(folder["run/simulations/round-1/shard-00004.npz"]));
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WithAShardDamagedLater_MakesItAgain()
    {
        using ScratchFolder folder = new();
        Study.Run(folder);
        SortedDictionary<string, string> expected = LineStudy.Contents(folder["run"]);
        File.Delete(folder["run/simulations/round-1/shard-00010.npz"]);
        Assert.Equal(["simulate-1"], Study.Run(folder).Where(s => !s.Reused).Select(s => s.Stage));
        Assert.Equal(expected, LineStudy.Contents(folder["run"]));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WithAShardDamagedWhileItTrains_NamesFileFoundAndExpected()
    {
        using ScratchFolder folder = new();
        string path = folder["run/simulations/round-1/shard-00005.npz"];
        ArtifactException e = Assert.Throws<ArtifactException>(() => Study.Run(folder, progress: new Damage(path)));
        Assert.EndsWith("shard-00005.npz", e.File, StringComparison.Ordinal);
        Assert.Contains("checksum", e.Found, StringComparison.Ordinal);

        // The next run makes it again and goes on.
        using ScratchFolder whole = new();
        Study.Run(folder);
        Study.Run(whole);
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
    }

    [Theory]
    [InlineData("64 MB", "expected a size in KiB, MiB or GiB, such as 512 MiB")]
    [InlineData("512", "Add the unit.")]
    [InlineData("0 MiB", "expected a size in KiB, MiB or GiB")]
    [InlineData("1 KiB", "expected for at least 64, or for all of them")]
    [InlineData("64 KiB, training: { batch: 100 }", "expected at most 25, since a batch is taken from")]
    public void Load_OfMemoryThatCannotBe_SaysWhatCan(string memory, string expected)
    {
        using var folder = new ScratchFolder();
        string text = $"{{ simulations: 3000, memory: {memory} }}";
        folder.Write("line/study.yaml", $"""
            format: 1
            simulator: line
            prior: {"{ start: { normal: { mean: 0, sd: 1 } }, slope: { normal: { mean: 0, sd: 1 } } }"}
            observation: {"{ values: [1, 2, 3] }"}
            inference: {text}
            """);
        StudyException e = Assert.Throws<StudyException>(() => Quincunx.Runs.Studies.Study.Load(folder["line/study.yaml"], new LineCatalog()));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    // Damages a file after the first epoch, when the scales have been found from it.
    private sealed class Damage(string path) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Stage == "train-1" && value.Event == StageEvent.Working && value.Done == 1)
            {
                byte[] bytes = File.ReadAllBytes(path);
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(path, bytes);
            }
        }
    }

    // Cancels once so many simulations are done.
    private sealed class Stopper(CancellationTokenSource source, int after) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Stage == "simulate-1" && value.Event == StageEvent.Working && value.Done >= after)
            {
                source.Cancel();
            }
        }
    }
}
