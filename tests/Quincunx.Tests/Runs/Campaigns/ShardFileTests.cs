using System.Diagnostics;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Tests.Runs.Campaigns;

public sealed class ShardFileTests
{
    private static readonly Campaign Two = new("round-1", new string('a', 64), ["a", "b"], ["x", "y", "z"], 1000);

    [Theory]
    [InlineData("1/1", 0, 1000)]
    [InlineData("1/3", 0, 333)]
    [InlineData("2/3", 333, 666)]
    [InlineData("3/3", 666, 1000)]
    [InlineData("7/1000", 6, 7)]
    public void EventsOf_ShardOfThousand_AreBetweenTheFloors(string text, long from, long to)
    {
        Assert.True(ShardNumber.TryParse(text, out ShardNumber shard));
        Assert.Equal(new EventRange(from, to), shard.EventsOf(1000));
        Assert.Equal(text, shard.ToString());
    }

    [Fact]
    public void EventsOf_AllShards_AreEveryEventOnce()
    {
        foreach ((long total, int count) in new[] { (10L, 10), (11L, 10), (1_000_000_007L, 999), (1L << 53, 97) })
        {
            long next = 0;
            for (int i = 1; i <= count; i++)
            {
                EventRange events = new ShardNumber(i, count).EventsOf(total);
                Assert.Equal(next, events.From);
                Assert.InRange(events.Count, total / count, (total / count) + 1);
                next = events.To;
            }

            Assert.Equal(total, next);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("-1/3")]
    [InlineData("1/3/5")]
    [InlineData("1/100000")]
    [InlineData("1.0/3")]
    public void TryParse_NoShard_IsRefused(string text) => Assert.False(ShardNumber.TryParse(text, out _));

    [Fact]
    public void Write_EventsInAnyPieces_GivesTheSameBytes()
    {
        using var folder = new ScratchFolder();
        ShardFile.Write(folder["whole.npz"], Two, [Events(100, 60)]);
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            var rows = new ShardRows(Two, new EventRange(100, 160));
            var rng = new Rng(seed);
            while (rows.Missing().Count > 0)
            {
                int from = 90 + (int)(70 * rng.NextDouble()), count = 1 + (int)(20 * rng.NextDouble());
                rows.Add(Events(from, count));
            }

            ShardFile.Write(folder["pieces.npz"], Two, rows.Sets());
            Assert.Equal(File.ReadAllBytes(folder["whole.npz"]), File.ReadAllBytes(folder["pieces.npz"]));
        }

        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSameInEveryBit()
    {
        using var folder = new ScratchFolder();
        var rows = new ShardRows(Two, new EventRange(100, 160));
        rows.Add(Events(110, 7));
        rows.Add(Events(150, 10));
        ShardFile.Write(folder["part.npz"], Two, rows.Sets());

        IReadOnlyList<SimulationSet> sets = ShardFile.Read(folder["part.npz"], Two);
        Assert.Equal([(110L, 7), (150L, 10)], sets.Select(s => (s.From, s.Count)));
        foreach (SimulationSet set in sets)
        {
            SimulationSet expected = Events((int)set.From, set.Count);
            Assert.Equal(expected.Theta, set.Theta);
            Assert.Equal(expected.X.Select(BitConverter.DoubleToInt64Bits), set.X.Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(expected.FailedRows, set.FailedRows);
            Assert.Equal(expected.Failures.Select(f => (f.Index, f.Theta[0], f.Message)), set.Failures.Select(f => (f.Index, f.Theta[0], f.Message)));
        }

        Assert.Equal([new EventRange(100, 110), new EventRange(117, 150)], rows.Missing());
        Assert.Equal(17, ShardFile.ReadAbout(folder["part.npz"]).Rows());
    }

    // This code at the version that introduced the format: a file of it must stay readable, and the bytes of a shard what they were.
    [Fact]
    public void Write_KnownEvents_GivesTheBytesOfFormatOne()
    {
        using var folder = new ScratchFolder();
        ShardFile.Write(folder["a.npz"], Two, [Events(100, 60)]);
        Assert.Equal(new FileFingerprint("9628113640471c0f57e5af86557229c7fa4aca1ea6aa5823ba917cdd31e38879", 3961), FileFingerprint.Of(folder["a.npz"]));
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsNamed()
    {
        using var folder = new ScratchFolder();
        ShardFile.Write(folder["a.npz"], Two, [Events(100, 60)]);
        byte[] bytes = File.ReadAllBytes(folder["a.npz"]);
        for (int length = 0; length < bytes.Length; length += 97)
        {
            File.WriteAllBytes(folder["cut.npz"], bytes[..length]);
            var error = Assert.Throws<ArtifactException>(() => ShardFile.Read(folder["cut.npz"], Two));
            Assert.StartsWith(folder["cut.npz"] + ": found ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_AnyBitFlipped_IsRefusedOrTheSame()
    {
        using var folder = new ScratchFolder();
        ShardFile.Write(folder["a.npz"], Two, [Events(100, 20)]);
        byte[] bytes = File.ReadAllBytes(folder["a.npz"]);
        double[] x = ShardFile.Read(folder["a.npz"], Two)[0].X;
        int refused = 0;
        for (int at = 0; at < bytes.Length; at += 5)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(folder["flipped.npz"], flipped);
            try
            {
                // Fields of the zip format that say nothing of the content (dates, versions) may differ.
                Assert.Equal(x, Assert.Single(ShardFile.Read(folder["flipped.npz"], Two)).X);
            }
            catch (ArtifactException)
            {
                refused++;
            }
        }

        Assert.True(refused > bytes.Length / 5 * 0.8, $"{refused} of {bytes.Length / 5} were refused");
    }

    [Fact]
    public void Read_OfAnotherCampaign_SaysWhatDiffers()
    {
        using var folder = new ScratchFolder();
        ShardFile.Write(folder["a.npz"], Two, [Events(100, 20)]);
        AssertRefused(Two with { Key = new string('b', 64) }, "found events of another campaign (made with another simulator, prior, seed, region or version; key aaaaaaaaaaaa), expected those of round-1 with key bbbbbbbbbbbb.");
        AssertRefused(Two with { Key = new string('b', 64), Name = "round-2" }, "found events of another campaign (round-1; key aaaaaaaaaaaa)");
        AssertRefused(Two with { Outputs = ["x", "z", "y"] }, "found columns a, b and x, y, z, expected a, b and x, z, y.");

        void AssertRefused(Campaign other, string message) =>
            Assert.Contains(message, Assert.Throws<ArtifactException>(() => ShardFile.Read(folder["a.npz"], other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoShard_SaysSo()
    {
        using var folder = new ScratchFolder();
        AtomicFile.Write(folder["plain.npz"], "arrays", s => NpzFile.Write(s, ("theta", NpyArray.Of([1.0], 1, 1))));
        Assert.Contains("found no about.json, expected the file of a shard", Assert.Throws<ArtifactException>(() => ShardFile.Read(folder["plain.npz"], Two)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveLeftovers_OfEndedProcesses_LeavesThoseOfLivingOnes()
    {
        using var folder = new ScratchFolder();
        using var ended = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        ended.StandardOutput.ReadToEnd();
        ended.WaitForExit();
        string mine = folder.Write($".a.npz.{Environment.MachineName}-{Environment.ProcessId}-x.writing", ""), elsewhere = folder.Write(".a.npz.other-1-x.writing", "");
        string left = folder.Write($".a.npz.{Environment.MachineName}-{ended.Id}-x.writing", ""), others = folder.Write($".b.npz.{Environment.MachineName}-{ended.Id}-x.writing", "");
        ShardFile.RemoveLeftovers(folder["a.npz"]);
        Assert.Equal(new[] { mine, elsewhere, others }.Order(StringComparer.Ordinal), Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(left));
    }

    // A simulator of this campaign: numbers that a reader can check, failures among them.
    private static SimulationSet Events(int from, int count)
    {
        double[] theta = new double[2 * count], x = new double[3 * count];
        List<SimulationFailure> failures = [];
        for (int i = 0; i < count; i++)
        {
            int number = from + i;
            (theta[2 * i], theta[(2 * i) + 1]) = (number, number / 7.0);
            for (int j = 0; j < 3; j++)
            {
                x[(3 * i) + j] = number % 8 == 3 ? double.NaN : number + (j / 3.0);
            }

            if (number % 8 == 3 && failures.Count < 5)
            {
                failures.Add(new SimulationFailure(number, [number, number / 7.0], $"event {number} broke \"it\"\n"));
            }
        }

        return SimulationSet.FromArrays(2, 3, from, theta, x) with { Failures = failures };
    }
}
