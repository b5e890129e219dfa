using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Tests.Runs.Store;

public sealed class StageEngineTests
{
    private static readonly string[] All = ["simulate", "train", "sample", "report"];

    [Fact]
    public void Run_Twice_ReusesEverythingAndChangesNoFile()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(All, Ran(scratch["run"], ToyRun.Stages()));
        SortedDictionary<string, string> first = ToyRun.Contents(scratch["run"]);
        Assert.Equal(
            ["figures/corner.svg", "history.csv", "metrics.json", "network.npz", "posterior.csv", "posterior.npz", "simulations.npz"],
            first.Keys.Where(k => !k.StartsWith("manifest", StringComparison.Ordinal)));

        Assert.Empty(Ran(scratch["run"], ToyRun.Stages()));
        Assert.Equal(first, ToyRun.Contents(scratch["run"]));
    }

    [Fact]
    public void Run_OneInputChanged_RepeatsOnlyWhatDependsOnIt()
    {
        using var scratch = new ScratchFolder();
        Ran(scratch["run"], ToyRun.Stages());
        Assert.Equal(["report"], Ran(scratch["run"], ToyRun.Stages(title: "other")));
        Assert.Equal(["train", "sample", "report"], Ran(scratch["run"], ToyRun.Stages(epochs: 5, title: "other")));
        Assert.Equal(All, Ran(scratch["run"], ToyRun.Stages(seed: 2, epochs: 5, title: "other")));

        using var fresh = new ScratchFolder();
        Ran(fresh["run"], ToyRun.Stages(seed: 2, epochs: 5, title: "other"));
        Assert.Equal(ToyRun.Contents(fresh["run"]), ToyRun.Contents(scratch["run"]));
    }

    [Fact]
    public void Run_UpstreamGivesTheSameBytes_ReusesDownstream()
    {
        using var scratch = new ScratchFolder();
        Ran(scratch["run"], Pipeline(salt: 1));
        Assert.Equal(["a"], Ran(scratch["run"], Pipeline(salt: 2)));

        static IStage[] Pipeline(int salt) =>
        [
            new ToyStage("a", [], h => h.Add("salt", salt), (c, _) => c.WriteText("a.txt", "a", "constant")),
            new ToyStage("b", ["a.txt"], _ => { }, (c, _) => c.WriteText("b.txt", "b", File.ReadAllText(c.Input("a.txt")))),
        ];
    }

    [Fact]
    public void Run_DamagedOrMissingOutput_IsNamedAndMadeAgain()
    {
        using var scratch = new ScratchFolder();
        Ran(scratch["run"], ToyRun.Stages());
        SortedDictionary<string, string> first = ToyRun.Contents(scratch["run"]);
        byte[] bytes = File.ReadAllBytes(scratch["run/network.npz"]);
        bytes[^100] ^= 1;
        File.WriteAllBytes(scratch["run/network.npz"], bytes);
        File.Delete(scratch["run/metrics.json"]);

        var progress = new ProgressList();
        Assert.Equal(["train", "report"], Ran(scratch["run"], ToyRun.Stages(), progress));
        Assert.Equal([$"train: {Path.Combine(scratch["run"], "network.npz")} is not as it was written; 'train' is run again."], progress.Messages(StageEvent.Warning));
        Assert.Equal(["train: network.npz is not as it was written", "report: metrics.json is missing"], progress.Messages(StageEvent.Started));
        Assert.Equal(["simulate: unchanged", "sample: unchanged"], progress.Messages(StageEvent.Reused));
        Assert.Equal(first, ToyRun.Contents(scratch["run"]));
    }

    [Fact]
    public void Run_StageGone_LeavesWithItsFiles()
    {
        using var scratch = new ScratchFolder();
        Ran(scratch["run"], [.. ToyRun.Stages(), new ToyStage("extra", [], _ => { }, (c, _) => c.WriteText("extra.txt", "x", "x"))]);
        Assert.True(File.Exists(scratch["run/extra.txt"]));
        Assert.Empty(Ran(scratch["run"], ToyRun.Stages()));
        Assert.False(File.Exists(scratch["run/extra.txt"]));
        Assert.Equal(All, RunFolder.ReadManifest(scratch["run"])!.Stages.Select(s => s.Name));
    }

    [Fact]
    public void Run_FewerOutputsThanBefore_RemovesTheOldOnes()
    {
        using var scratch = new ScratchFolder();
        Ran(scratch["run"], [Stage("a.txt", "b.txt")]);
        Ran(scratch["run"], [Stage("a.txt", "c.txt")]);
        Assert.Equal(["a.txt", "c.txt"], Directory.GetFiles(scratch["run"], "*.txt").Select(Path.GetFileName).Order(StringComparer.Ordinal));

        static ToyStage Stage(params string[] files) => new("s", [], h => h.Add("files", files), (c, _) =>
        {
            foreach (string file in files)
            {
                c.WriteText(file, file, file);
            }
        });
    }

    [Fact]
    public void Run_UpToAStage_LeavesTheRest()
    {
        using var scratch = new ScratchFolder();
        using RunFolder folder = ToyRun.Open(scratch["run"]);
        var engine = new StageEngine(folder, ToyRun.Stages());
        Assert.Equal(["simulate", "train"], engine.Run("train", CancellationToken.None).Select(s => s.Name));
        Assert.False(File.Exists(scratch["run/posterior.csv"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Run("trane", CancellationToken.None));
    }

    [Fact]
    public void Run_Cancelled_IsInterruptedAndGoesOnFromTheCheckpoint()
    {
        using var scratch = new ScratchFolder();
        using var source = new CancellationTokenSource();
        int simulated = 0;
        var stop = new Progress(p =>
        {
            simulated = (int)p.Done;
            if (p is { Stage: "simulate", Event: StageEvent.Working, Done: 30 })
            {
                source.Cancel();
            }
        });
        using (RunFolder folder = ToyRun.Open(scratch["run"]))
        {
            Assert.Throws<OperationCanceledException>(() => new StageEngine(folder, ToyRun.Stages(), stop).Run(null, source.Token));
        }

        StageRecord record = Assert.Single(RunFolder.ReadManifest(scratch["run"])!.Stages);
        Assert.Equal((StageStatus.Interrupted, 1), (record.Status, record.Attempts));

        var progress = new ProgressList();
        Assert.Equal(All, Ran(scratch["run"], ToyRun.Stages(), progress));
        Assert.Equal("simulate: it was interrupted", progress.Messages(StageEvent.Started).First());
        Assert.Equal(30, progress.Reports.First(r => r.Event == StageEvent.Working).Done);
        Assert.Equal(2, RunFolder.ReadManifest(scratch["run"])!.Find("simulate")!.Attempts);
        Assert.False(Directory.Exists(scratch["run/.checkpoints"]));
    }

    [Fact]
    public void Run_StageThrows_RecordsTheErrorAndKeepsTheRest()
    {
        using var scratch = new ScratchFolder();
        IStage[] broken = [.. ToyRun.Stages().Take(2), new ToyStage("sample", [], _ => { }, (_, _) => throw new InvalidDataException("the simulator gave up"))];
        using (RunFolder folder = ToyRun.Open(scratch["run"]))
        {
            Assert.Equal("the simulator gave up", Assert.Throws<InvalidDataException>(() => new StageEngine(folder, broken).Run(null, CancellationToken.None)).Message);
        }

        StageRecord record = RunFolder.ReadManifest(scratch["run"])!.Find("sample")!;
        Assert.Equal((StageStatus.Failed, "the simulator gave up"), (record.Status, record.Error));
        Assert.Equal(["sample", "report"], Ran(scratch["run"], ToyRun.Stages()));
    }

    [Fact]
    public void Run_StageBreaksTheContract_IsStopped()
    {
        using var scratch = new ScratchFolder();
        IStage first = new ToyStage("a", [], _ => { }, (c, _) => c.WriteText("a.txt", "a", "a"));
        AssertStops("The stage 'b' reads 'a.txt' without saying so.", new ToyStage("b", [], _ => { }, (c, _) => c.Input("a.txt")));
        AssertStops("The stage 'b' writes 'a.txt', which another stage made.", new ToyStage("b", [], _ => { }, (c, _) => c.WriteText("a.txt", "b", "b")));
        AssertStops("The stage 'b' reads 'c.txt', which no earlier stage made.", new ToyStage("b", ["c.txt"], _ => { }, (_, _) => { }));

        void AssertStops(string message, IStage second)
        {
            using RunFolder folder = ToyRun.Open(scratch["run"]);
            Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => new StageEngine(folder, [first, second]).Run(null, CancellationToken.None)).Message);
        }
    }

    [SmallDiskFact]
    public void Run_DiskFull_KeepsCompleteStagesAndGoesOnWithSpace()
    {
        using var disk = new SmallDisk(kibibytes: 128);
        bool large = true;
        IStage[] stages =
        [
            new ToyStage("a", [], _ => { }, (c, _) => c.WriteText("a.txt", "a", "a")),
            new ToyStage("b", ["a.txt"], _ => { }, (c, _) => c.Write("b.bin", "simulations", s => s.Write(new byte[large ? 1_000_000 : 1000]))),
        ];
        using (RunFolder folder = ToyRun.Open(disk["run"]))
        {
            var e = Assert.Throws<ArtifactException>(() => new StageEngine(folder, stages).Run(null, CancellationToken.None));
            Assert.Contains("found a full disk while writing simulations", e.Message, StringComparison.Ordinal);
        }

        RunManifest manifest = RunFolder.ReadManifest(disk["run"])!;
        Assert.Equal([StageStatus.Complete, StageStatus.Failed], manifest.Stages.Select(s => s.Status));
        large = false;
        Assert.Equal(["b"], Ran(disk["run"], stages));
    }

    private static List<string> Ran(string path, IReadOnlyList<IStage> stages, ProgressList? progress = null)
    {
        using RunFolder folder = ToyRun.Open(path);
        return [.. new StageEngine(folder, stages, progress).Run(null, CancellationToken.None).Where(s => !s.Reused).Select(s => s.Name)];
    }

    private sealed class Progress(Action<StageProgress> report) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => report(value);
    }
}
