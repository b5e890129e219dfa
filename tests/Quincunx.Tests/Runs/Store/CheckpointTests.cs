using Quincunx.Runs.Store;

namespace Quincunx.Tests.Runs.Store;

public sealed class CheckpointTests
{
    [Fact]
    public void TryLoad_AnyByteFlippedOrCutOff_IsRejectedAndTheStageStartsAgain()
    {
        using var scratch = new ScratchFolder();
        using RunFolder folder = ToyRun.Open(scratch["run"]);
        var warnings = new List<string>();
        Checkpoint checkpoint = Make(folder, 'a', warnings);
        checkpoint.Save(s => s.Write([1, 2, 3]));
        byte[] good = File.ReadAllBytes(scratch["run/c.checkpoint"]);
        Assert.Equal(8 + 4 + 32 + 8 + 3 + 32, good.Length);

        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 1;
            AssertRejected(bad);
            AssertRejected(good[..i]);
        }

        File.WriteAllBytes(scratch["run/c.checkpoint"], good);
        Assert.Equal([1, 2, 3], Load(checkpoint));
        Assert.Equal(2 * good.Length, warnings.Count);

        void AssertRejected(byte[] bytes)
        {
            File.WriteAllBytes(scratch["run/c.checkpoint"], bytes);
            Assert.Null(Load(checkpoint));
            Assert.False(File.Exists(scratch["run/c.checkpoint"]));
            Assert.Equal(bytes, File.ReadAllBytes(scratch["run/c.rejected"]));
            Assert.Contains(Path.Combine(scratch["run"], "c.checkpoint"), warnings[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TryLoad_OtherInputs_IsRejectedWithTheReason()
    {
        using var scratch = new ScratchFolder();
        using RunFolder folder = ToyRun.Open(scratch["run"]);
        var warnings = new List<string>();
        Assert.Null(Load(Make(folder, 'a', warnings)));
        Assert.Empty(warnings);
        Make(folder, 'a', warnings).Save(s => s.Write([1]));
        Assert.Null(Load(Make(folder, 'b', warnings)));
        Assert.Equal(
            [$"The checkpoint {folder.PathOf("c.checkpoint")} is not used: it was made from other inputs. It was renamed to c.rejected; the stage starts from its beginning."],
            warnings);
    }

    [Fact]
    public void TryLoad_StateThatTheStageRefuses_IsRejected()
    {
        using var scratch = new ScratchFolder();
        using RunFolder folder = ToyRun.Open(scratch["run"]);
        var warnings = new List<string>();
        Checkpoint checkpoint = Make(folder, 'a', warnings);
        checkpoint.Save(s => s.Write([1]));
        Assert.False(checkpoint.TryLoad(_ => throw new InvalidDataException("Expected 3 layers, got 2.")));
        Assert.Contains("its state cannot be used (Expected 3 layers, got 2.)", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DamagedCheckpoint_WarnsAndGivesTheSameBytes()
    {
        using var whole = new ScratchFolder();
        using (RunFolder folder = ToyRun.Open(whole["run"]))
        {
            new StageEngine(folder, ToyRun.Stages()).Run(null, CancellationToken.None);
        }

        using var scratch = new ScratchFolder();
        int count = 0;
        Assert.Throws<InvalidOperationException>(() =>
        {
            using RunFolder folder = ToyRun.Open(scratch["run"], (_, _) => _ = count++ > 30 ? throw new InvalidOperationException("crash") : 0);
            new StageEngine(folder, ToyRun.Stages()).Run(null, CancellationToken.None);
        });
        string checkpoint = Assert.Single(Directory.GetFiles(scratch["run/.checkpoints"], "*.checkpoint"));
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[60] ^= 4;
        File.WriteAllBytes(checkpoint, bytes);

        var progress = new ProgressList();
        using (RunFolder folder = ToyRun.Open(scratch["run"]))
        {
            new StageEngine(folder, ToyRun.Stages(), progress).Run(null, CancellationToken.None);
        }

        Assert.Contains("it is damaged: its checksum differs", Assert.Single(progress.Messages(StageEvent.Warning)), StringComparison.Ordinal);
        Directory.Delete(scratch["run/.checkpoints"], recursive: true);         // holds what was put aside
        Assert.Equal(ToyRun.Contents(whole["run"]), ToyRun.Contents(scratch["run"]));
    }

    private static Checkpoint Make(RunFolder folder, char input, List<string> warnings) =>
        new(folder, folder.PathOf("c.checkpoint"), new string(input, 64), warnings.Add);

    private static byte[]? Load(Checkpoint checkpoint)
    {
        using var copy = new MemoryStream();
        return checkpoint.TryLoad(s => s.CopyTo(copy)) ? copy.ToArray() : null;
    }
}
