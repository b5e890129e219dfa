using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Execution;

public sealed class ShardMakerTests
{
    private static readonly Campaign Campaign = new("round-1", new string('c', 64), ["a"], ["b"], 5000);
    private static readonly ShardNumber Shard = new(2, 2);

    [Fact]
    public void Make_CancelledAndMadeAgain_SimulatesEachEventOnce()
    {
        using var folder = new ScratchFolder();
        var counter = new Counter();
        using (var stop = new CancellationTokenSource())
        {
            counter.At = (1000, stop.Cancel);
            Assert.Throws<OperationCanceledException>(() => Maker(counter).Make(Shard, folder.Path, null, stop.Token));
        }

        long saved = ShardFile.ReadAbout(folder[Shard.PartialName]).Rows();
        Assert.InRange(saved, 1, 2499);
        Assert.False(File.Exists(folder[Shard.FileName]));
        Assert.Equal((2500, 0, false), Maker(counter).Make(Shard, folder.Path, null, CancellationToken.None));
        Assert.Equal(2500, counter.Calls);          // what was finished was saved, to the last event
        Assert.Equal((2500, 0, true), Maker(counter).Make(Shard, folder.Path, null, CancellationToken.None));
        Assert.Equal(2500, counter.Calls);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Make_ClockJumpsBothWays_GivesTheSameBytes()
    {
        using var folder = new ScratchFolder();
        Maker(new Counter()).Make(Shard, folder["steady"], null, CancellationToken.None);
        foreach (TimeSpan jump in new[] { TimeSpan.FromHours(9), -TimeSpan.FromHours(9) })
        {
            string to = folder[jump > TimeSpan.Zero ? "forward" : "back"];
            Maker(new Counter(), new JumpingClock(jump)).Make(Shard, to, null, CancellationToken.None);
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder["steady"], Shard.FileName)), File.ReadAllBytes(Path.Combine(to, Shard.FileName)));
        }
    }

    [Fact]
    public void Make_PartialDamaged_IsToldAndMadeAnew()
    {
        using var folder = new ScratchFolder();
        folder.Write(Shard.PartialName, "rubbish");
        List<string> warnings = [];
        Maker(new Counter(), warn: warnings.Add).Make(Shard, folder.Path, null, CancellationToken.None);
        Assert.Contains($"{folder[Shard.PartialName]}: found a damaged or truncated zip file", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Make_AllOfTheFirstEventsFail_SaysSoAndSavesNothing()
    {
        using var folder = new ScratchFolder();
        var error = Assert.Throws<RunException>(() => Maker(new Counter { Fails = true }).Make(new ShardNumber(1, 2), folder.Path, null, CancellationToken.None));
        Assert.StartsWith("Simulator 'counter': all of the first 100 simulations failed. Expected finite outputs; found InvalidOperationException: no at a = 0.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Make_ShardOfFewEventsThatAllFail_IsAShard()
    {
        using var folder = new ScratchFolder();
        Assert.Equal((5, 5, false), Maker(new Counter { Fails = true }).Make(new ShardNumber(1, 1000), folder.Path, null, CancellationToken.None));
        Assert.Equal(5, Assert.Single(ShardFile.Read(folder[new ShardNumber(1, 1000).FileName], Campaign)).FailedRows.Count);
    }

    [Fact]
    public void Make_OtherCampaignThere_IsRefusedAndLeft()
    {
        using var folder = new ScratchFolder();
        ShardFile.Write(folder[Shard.FileName], Campaign with { Key = new string('d', 64) }, [SimulationSet.FromArrays(1, 1, 2500, [1], [1])]);
        byte[] before = File.ReadAllBytes(folder[Shard.FileName]);
        Assert.Contains("found a shard of another campaign", Assert.Throws<ArtifactException>(() => Maker(new Counter()).Make(Shard, folder.Path, null, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder[Shard.FileName]));
    }

    private static ShardMaker Maker(Counter simulator, TimeProvider? clock = null, Action<string>? warn = null) =>
        new(Campaign, "counter", simulator, new EventLaw(new IndependentProduct([("a", new Uniform(0, 1))])), new Rng(1).Split("events"), clock ?? TimeProvider.System, warn ?? (w => Assert.Fail(w)));

    private sealed class Counter : ISimulator
    {
        private int _calls;

        public int Calls => _calls;

        public (int Call, Action Do) At { get; set; }

        public bool Fails { get; init; }

        public IReadOnlyList<string> ParameterNames => ["a"];

        public IReadOnlyList<string> OutputNames => ["b"];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            if (Interlocked.Increment(ref _calls) == At.Call)
            {
                At.Do();
            }

            x[0] = Fails ? throw new InvalidOperationException("no") : theta[0] + rng.NextNormal();
        }
    }

    // As a machine does that was asleep, or whose clock is set: every few looks.
    private sealed class JumpingClock(TimeSpan jump) : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Increment(ref _looks) / 7 * jump.Ticks * (TimestampFrequency / TimeSpan.TicksPerSecond));

        public override DateTimeOffset GetUtcNow() => new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
