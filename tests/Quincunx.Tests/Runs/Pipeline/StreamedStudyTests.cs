using Microsoft.Data.Sqlite;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies whose simulations exceed the memory that they allow, or change in number, or are stopped or damaged.</summary>
public sealed class StreamedStudyTests
{
    // 60,000 simulations of 5 numbers are 2.4 MB: two whole blocks and a part of one, which are read in parts of 16 KiB.
    private static readonly LineStudy Study = new() { Simulations = 60_000, Epochs = 2, Memory = "512 KiB", Fails = "sometimes", StartMean = -1 };

    // 4000 simulations are 160 kB, read in parts of 4 KiB, 102 simulations; a window of training has some 1600.
    private static readonly LineStudy Small = Study with { Simulations = 4000, Memory = "128 KiB", Epochs = 4 };

    private static readonly string[] Simulations = ["simulations.db", "simulations/round-1.json"];

    [Fact, Trait("Category", "Slow")]
    public void Run_OfMoreThanMemoryHolds_HasTheSimulationsOfARunInMemory()
    {
        using ScratchFolder folder = new(), other = new(), whole = new();
        Study.Run(folder);
        Study.Run(other);
        (Study with { Memory = "1 GiB" }).Run(whole);

        SortedDictionary<string, string> contents = LineStudy.Contents(folder["run"]), inMemory = LineStudy.Contents(whole["run"]);
        Assert.Equal(contents, LineStudy.Contents(other["run"]));
        Assert.All(Simulations, name => Assert.Equal(inMemory[name], contents[name]));
        Assert.Contains("\"failed\": ", File.ReadAllText(folder["run/simulations/round-1.json"]), StringComparison.Ordinal);
        Assert.DoesNotContain("\"failed\": 0,", File.ReadAllText(folder["run/simulations/round-1.json"]), StringComparison.Ordinal);

        // Reused as they are; with another memory or another training the simulations stay.
        Assert.All(Study.Run(folder), s => Assert.True(s.Reused, s.Stage));
        Assert.DoesNotContain("simulate-1", (Study with { Memory = "1 MiB", Epochs = 1 }).Run(folder).Where(s => !s.Reused).Select(s => s.Stage));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WithMoreSimulations_GoesOnFromThoseThatAreThere()
    {
        using ScratchFolder folder = new(), whole = new();
        (Small with { Simulations = 2500 }).Run(folder);
        var made = new Count();
        Small.Run(folder, progress: made);
        Small.Run(whole);
        Assert.Equal(2500, made.First, tolerance: 100);             // 64 events at most come in one piece from each of two threads or more
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WithFewerSimulations_TakesTheFirst()
    {
        using ScratchFolder folder = new(), whole = new();
        Small.Run(folder);
        var made = new Count();
        LineStudy fewer = Small with { Simulations = 2500 };
        fewer.Run(folder, progress: made);
        fewer.Run(whole);
        Assert.Equal(double.NaN, made.First);

        // The store keeps the others for another time.
        SortedDictionary<string, string> contents = LineStudy.Contents(folder["run"]), expected = LineStudy.Contents(whole["run"]);
        Assert.NotEqual(expected["simulations.db"], contents["simulations.db"]);
        contents["simulations.db"] = expected["simulations.db"];
        Assert.Equal(expected, contents);
    }

    [Fact]
    public void Run_WithAnotherSeedOrFewerRounds_LeavesNoOldSimulations()
    {
        LineStudy two = new() { Rounds = 2, Simulations = 300, Epochs = 2, Diagnostics = "{ sbc: 0, predictive: 0 }" };
        using ScratchFolder folder = new(), whole = new();
        two.Run(folder);
        (two with { StartMean = 0.5 }).Run(folder);
        (two with { StartMean = 0.5, Rounds = 1 }).Run(folder);
        (two with { StartMean = 0.5, Rounds = 1 }).Run(whole);
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_StoppedWhileItSimulates_GoesOn()
    {
        using ScratchFolder folder = new(), whole = new();
        Study.Run(whole);
        double before = 0;
        foreach (int stopAfter in new[] { 1, 7_000, 50_000 })
        {
            using var source = new CancellationTokenSource();
            var made = new Count();
            Assert.Throws<OperationCanceledException>(() => Study.Run(folder, progress: new Stopper(source, stopAfter, made), cancel: source.Token));
            Assert.True(made.First > before, $"found {made.First} at the start, {before} had been made");
            before = made.Last;
        }

        Study.Run(folder);
        Assert.Equal(LineStudy.Contents(whole["run"]), LineStudy.Contents(folder["run"]));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WithABlockDamagedOrMissing_MakesItAlone()
    {
        using ScratchFolder folder = new();
        Study.Run(folder);
        SortedDictionary<string, string> expected = LineStudy.Contents(folder["run"]);
        foreach (string damage in new[]
        {
            "UPDATE contents SET bytes = zeroblob(length(bytes)) WHERE id = (SELECT contents.id FROM contents JOIN blocks ON contents.hash = blocks.hash WHERE first = 26214)",
            "DELETE FROM blocks WHERE first = 26214",
            "DELETE FROM contents WHERE hash = (SELECT hash FROM blocks WHERE first = 26214)",
        })
        {
            Change(folder["run/simulations.db"], damage);
            var made = new Count();
            Assert.Equal(["simulate-1"], Study.Run(folder, progress: made).Where(s => !s.Reused).Select(s => s.Stage));
            Assert.Equal(60_000 - 26_214, made.First, tolerance: 1000);
            Assert.Equal(expected, LineStudy.Contents(folder["run"]));
        }

        File.Delete(folder["run/simulations.db"]);
        Assert.Equal(["simulate-1"], Study.Run(folder).Where(s => !s.Reused).Select(s => s.Stage));
        Assert.Equal(expected, LineStudy.Contents(folder["run"]));
    }

    [Fact, Trait("Category", "Slow")]
    public void Run_WithABlockDamagedWhileItTrains_NamesIt()
    {
        using ScratchFolder folder = new();
        ArtifactException e = Assert.Throws<ArtifactException>(() => Study.Run(folder, progress: new Damage(folder["run/simulations.db"])));
        Assert.Equal((folder["run/simulations.db"], "round-1, events 26214 to 52428"), (e.File, e.Entry));
        Assert.Contains("damage: rows with the hash", e.Found, StringComparison.Ordinal);

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

    private static void Change(string path, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_keys = OFF; " + statement;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    // Damages a block after the first epoch, when the scales have been found from it.
    private sealed class Damage(string path) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Stage == "train-1" && value.Event == StageEvent.Working && value.Done == 1)
            {
                Change(path, "UPDATE contents SET bytes = zeroblob(length(bytes)) WHERE hash = (SELECT hash FROM blocks WHERE first = 26214)");
            }
        }
    }

    // How many simulations there were when the first new ones were told, and at last.
    private sealed class Count : IProgress<StageProgress>
    {
        public double First { get; private set; } = double.NaN;

        public double Last { get; private set; } = double.NaN;

        public void Report(StageProgress value)
        {
            if (value.Stage == "simulate-1" && value.Event == StageEvent.Working)
            {
                First = double.IsNaN(First) ? value.Done : First;
                Last = value.Done;
            }
        }
    }

    // Cancels once so many simulations are done.
    private sealed class Stopper(CancellationTokenSource source, int after, Count count) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            count.Report(value);
            if (value.Stage == "simulate-1" && value.Event == StageEvent.Working && value.Done >= after)
            {
                source.Cancel();
            }
        }
    }
}
