using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Simulation;

public sealed class SimulationRunnerTests
{
    private static readonly StubSimulator Noisy = new(2, 3, Noise);
    private static readonly ParameterSampler Sampler = (theta, rng) => rng.FillUniform(theta);

    [Theory]
    [InlineData(1), InlineData(2), InlineData(5)]
    public void Run_AnyThreadCount_GivesTheNumbersOfTheStreams(int threads)
    {
        SimulationSet set = Runner(Noisy, threads).Run(Sampler, 0, 1_000, new Rng(1));

        double[] theta = new double[2], x = new double[3];
        for (int i = 0; i < 1_000; i++)
        {
            Rng stream = new Rng(1).Split(i);
            Sampler(theta, stream.Split("theta"));
            Noisy.Simulate(theta, x, stream.Split("x"));
            Assert.Equal(theta, set.Theta[(2 * i)..(2 * i + 2)]);
            Assert.Equal(x, set.X[(3 * i)..(3 * i + 3)]);
        }

        Assert.Equal((1_000, 0L, 2, 3), (set.Count, set.From, set.ParameterCount, set.OutputCount));
        Assert.Equal(SimulationStopReason.Completed, set.StopReason);
    }

    [Fact]
    public void Run_LongerRun_ExtendsShorter()
    {
        SimulationSet shorter = Runner(Noisy).Run(Sampler, 0, 150, new Rng(2));
        SimulationSet longer = Runner(Noisy).Run(Sampler, 0, 333, new Rng(2));
        Assert.Equal(shorter.Theta, longer.Theta[..300]);
        Assert.Equal(shorter.X, longer.X[..450]);
    }

    [Fact]
    public void Run_InChunks_JoinsToTheWhole()
    {
        var sometimes = new StubSimulator(2, 3, NanIfSmall);
        SimulationSet whole = Runner(sometimes).Run(Sampler, 0, 500, new Rng(3));
        SimulationSet joined = SimulationSet.Join(
            [.. new[] { (0, 7), (7, 7), (7, 300), (300, 500) }.Select(c => Runner(sometimes).Run(Sampler, c.Item1, c.Item2, new Rng(3)))]);
        Assert.Equal(whole.Theta, joined.Theta);
        Assert.Equal(whole.X, joined.X);
        Assert.Equal(whole.FailedRows, joined.FailedRows);
    }

    [Fact]
    public void Run_GivenTheta_UsesSameNoiseAsDrawnTheta()
    {
        SimulationSet drawn = Runner(Noisy).Run(Sampler, 40, 60, new Rng(4));
        SimulationSet given = Runner(Noisy).Run(drawn.Theta, 40, new Rng(4));
        Assert.Equal(drawn.X, given.X);
        Assert.Equal(drawn.Theta, given.Theta);
        Assert.Equal(40, given.From);
    }

    [Fact]
    public void Run_Prior_DrawsFromIt()
    {
        SimulationSet fromPrior = Runner(Noisy).Run(new UnitSquare(), 0, 20, new Rng(5));
        Assert.Equal(Runner(Noisy).Run(Sampler, 0, 20, new Rng(5)).X, fromPrior.X);
        Assert.Throws<ArgumentException>(() => Runner(new StubSimulator(3, 1, Noise)).Run(new UnitSquare(), 0, 20, new Rng(5)));
    }

    [Fact]
    public void Run_Progress_IsInOrderAndEndsComplete()
    {
        var progress = new Recorder();
        Runner(new StubSimulator(2, 3, NanIfSmall), threads: 4).Run(Sampler, 0, 700, new Rng(6), progress);
        Assert.Equal(progress.Reports.OrderBy(r => r.Done), progress.Reports);
        Assert.All(progress.Reports, r => Assert.Equal(700, r.Total));
        Assert.True(progress.Reports.Count > 5);
        Assert.Equal(new SimulationProgress(700, 700, ExpectedFailures(6, 700).Count), progress.Reports[^1]);
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public void Run_Cancelled_StopsSoon(int threads)
    {
        using var source = new CancellationTokenSource();
        int runs = 0;
        var simulator = new StubSimulator(2, 3, (theta, x, rng) =>
        {
            int run = Interlocked.Increment(ref runs);
            if (run == 500)
            {
                source.Cancel();
            }
            else if (run > 500)
            {
                // Begun before the cancellation was through: it counts once, however slow the thread that cancels.
                source.Token.WaitHandle.WaitOne();
            }

            Noise(theta, x, rng);
        });
        Assert.ThrowsAny<OperationCanceledException>(
            () => Runner(simulator, threads).Run(Sampler, 0, 1_000_000, new Rng(7), cancel: source.Token));
        Assert.InRange(runs, 500, 500 + threads);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(5)]
    public void Run_SometimesNaN_CountsExactlyAndKeepsThemOut(int threads)
    {
        List<int> expected = ExpectedFailures(8, 2_000);
        SimulationSet set = Runner(new StubSimulator(2, 3, NanIfSmall), threads).Run(Sampler, 0, 2_000, new Rng(8));
        Assert.Equal(expected, set.FailedRows);
        Assert.Equal(expected.Count / 2_000.0, set.FailedShare);
        Assert.Equal(2_000, set.Count);
        Assert.Equal(expected.Take(5).Select(i => (long)i), set.Failures.Select(f => f.Index));
        Assert.Equal("Output y1 is NaN.", set.Failures[0].Message);
        Assert.Equal(set.Theta.AsSpan(2 * expected[0], 2).ToArray(), set.Failures[0].Theta);

        SimulationPairs kept = set.Successful();
        Assert.Equal((2_000 - expected.Count, expected.Count), (kept.Count, kept.Excluded));
        Assert.All(kept.X, x => Assert.True(double.IsFinite(x)));
        int[] rows = [.. Enumerable.Range(0, 2_000).Except(expected)];
        Assert.Equal(rows.SelectMany(r => set.Theta[(2 * r)..(2 * r + 2)]), kept.Theta);
        Assert.Equal(rows.SelectMany(r => set.X[(3 * r)..(3 * r + 3)]), kept.X);
    }

    [Fact]
    public void Run_SometimesThrows_RowIsNaNAndMessageIsKept()
    {
        var simulator = new StubSimulator(2, 3, (theta, x, rng) =>
        {
            x.Fill(1);
            if (theta[0] < 0.2)
            {
                throw new FormatException("no such beast");
            }
        });
        List<int> expected = ExpectedFailures(9, 1_000);
        SimulationSet set = Runner(simulator).Run(Sampler, 0, 1_000, new Rng(9));
        Assert.Equal(expected, set.FailedRows);
        Assert.All(expected, row => Assert.All(set.X[(3 * row)..(3 * row + 3)], x => Assert.Equal(double.NaN, x)));
        Assert.All(set.Failures, f => Assert.Equal("FormatException: no such beast", f.Message));
        Assert.Equal(SimulationStopReason.Completed, set.StopReason);
    }

    [Fact]
    public void Run_AlwaysThrows_EndsAfterTheTrial()
    {
        int runs = 0;
        var simulator = new StubSimulator(2, 3, (theta, x, rng) =>
        {
            Interlocked.Increment(ref runs);
            throw new InvalidOperationException("broken");
        });
        SimulationSet set = Runner(simulator).Run(Sampler, 0, 100_000, new Rng(10));
        Assert.Equal(SimulationStopReason.AllFailed, set.StopReason);
        Assert.Equal((100, 100, 100), (runs, set.Count, set.FailedRows.Count));
        Assert.Equal([0, 1, 2, 3, 4], set.Failures.Select(f => f.Index));
        Assert.Equal("InvalidOperationException: broken", set.Failures[0].Message);
        Assert.Equal((0, 100), (set.Successful().Count, set.Successful().Excluded));
    }

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Run_NeverFinite_EndsAfterTheTrial(double value)
    {
        SimulationSet set = Runner(new StubSimulator(2, 3, (theta, x, rng) => x.Fill(value))).Run(Sampler, 0, 5_000, new Rng(11));
        Assert.Equal(SimulationStopReason.AllFailed, set.StopReason);
        Assert.Equal((100, 1.0), (set.Count, set.FailedShare));
    }

    [Fact]
    public void Run_FirstSuccessAtEndOfTrial_Continues()
    {
        int runs = 0;
        var simulator = new StubSimulator(2, 3, (theta, x, rng) => x.Fill(++runs < 100 ? double.NaN : 1));
        SimulationSet set = Runner(simulator, threads: 1).Run(Sampler, 0, 300, new Rng(12));
        Assert.Equal(SimulationStopReason.Completed, set.StopReason);
        Assert.Equal((300, 99), (set.Count, set.FailedRows.Count));
    }

    [Fact]
    public void Run_OutputLeftUnwritten_IsAFailure()
    {
        SimulationSet set = Runner(new StubSimulator(2, 3, (theta, x, rng) => x[0] = 1)).Run(Sampler, 0, 10, new Rng(13));
        Assert.Equal(10, set.FailedRows.Count);
        Assert.Equal("Output y1 is NaN.", set.Failures[0].Message);
    }

    [Fact]
    public void Run_NoEvents_IsEmptyAndComplete()
    {
        SimulationSet set = Runner(Noisy).Run(Sampler, 5, 5, new Rng(14));
        Assert.Equal((0, 0.0, SimulationStopReason.Completed), (set.Count, set.FailedShare, set.StopReason));
    }

    [Fact]
    public void Run_BadSampler_EndsTheRun()
    {
        var nan = Assert.Throws<InvalidOperationException>(() => Runner(Noisy).Run((theta, rng) => theta.Fill(double.NaN), 0, 10, new Rng(15)));
        Assert.Contains("t0", nan.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Runner(Noisy).Run((theta, rng) => throw new FormatException("bad prior"), 0, 10, new Rng(15)));
    }

    [Fact]
    public void Run_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Runner(Noisy).Run(Sampler, -1, 10, new Rng(16)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Runner(Noisy).Run(Sampler, 10, 9, new Rng(16)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Runner(Noisy).Run(Sampler, 0, long.MaxValue, new Rng(16)));
        Assert.Throws<ArgumentException>(() => Runner(Noisy).Run([1, 2, 3], 0, new Rng(16)));
        Assert.Throws<ArgumentException>(() => Runner(Noisy).Run([1, double.NaN], 0, new Rng(16)));
        Assert.Throws<ArgumentException>(() => Runner(new StubSimulator(0, 1, Noise)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Runner(Noisy, threads: -1));
    }

    [Theory]
    [InlineData(1), InlineData(4)]
    public void RunPieces_TogetherAre_TheRun(int threads)
    {
        SimulationSet whole = Runner(Noisy).Run(new UnitSquare(), 17, 1_017, new Rng(17));
        List<SimulationSet> pieces = [];
        SimulationStopReason reason = Runner(Noisy, threads).RunPieces(new UnitSquare(), 17, 1_017, new Rng(17), pieces.Add);
        var joined = SimulationSet.Join([.. pieces.OrderBy(p => p.From)]);
        Assert.Equal(SimulationStopReason.Completed, reason);
        Assert.Equal((17L, whole.Count), (joined.From, joined.Count));
        Assert.Equal(whole.Theta, joined.Theta);
        Assert.Equal(whole.X, joined.X);
    }

    // Given rows are those of their events, however the range is cut, and whatever comes before it.
    [Fact]
    public void RunPieces_AtGivenParameters_AreTheRunOfTheseRows()
    {
        double[] rows = [.. Enumerable.Range(0, 2 * 300).Select(i => i / 600.0)];
        SimulationSet whole = Runner(Noisy, threads: 1).Run(rows, 0, new Rng(17));
        var pieces = new List<SimulationSet>();
        Runner(Noisy, threads: 3).RunPieces(rows, 0, 120, new Rng(17), pieces.Add);
        Runner(Noisy, threads: 2).RunPieces(rows, 120, 300, new Rng(17), pieces.Add);
        Assert.Equal(whole.Theta, pieces.OrderBy(p => p.From).SelectMany(p => p.Theta));
        Assert.Equal(whole.X, pieces.OrderBy(p => p.From).SelectMany(p => p.X));
        Assert.Contains("Expected theta [301 or more, 2]", Assert.Throws<ArgumentException>(() => Runner(Noisy, 1).RunPieces(rows, 0, 301, new Rng(17), pieces.Add)).Message, StringComparison.Ordinal);
        rows[5] = double.NaN;
        Assert.Throws<ArgumentException>(() => Runner(Noisy, 1).RunPieces(rows, 0, 300, new Rng(17), pieces.Add));
    }

    [Fact]
    public void RunPieces_Cancelled_HasHandedOverAllThatWasFinished()
    {
        using var source = new CancellationTokenSource();
        int runs = 0;
        var simulator = new StubSimulator(2, 3, (theta, x, rng) =>
        {
            Noise(theta, x, rng);
            if (Interlocked.Increment(ref runs) == 1_010)
            {
                source.Cancel();
            }
        });
        List<SimulationSet> pieces = [];
        Assert.ThrowsAny<OperationCanceledException>(() => Runner(simulator, threads: 1).RunPieces(new UnitSquare(), 0, 100_000, new Rng(18), pieces.Add, cancel: source.Token));
        Assert.Equal(1_010, pieces.Sum(p => p.Count));
        SimulationSet whole = Runner(Noisy).Run(new UnitSquare(), 0, 1_010, new Rng(18));
        Assert.Equal(whole.X, SimulationSet.Join([.. pieces.OrderBy(p => p.From)]).X);
    }

    [Fact]
    public void RunPieces_ExceptionOfTheReceiver_EndsTheRun()
    {
        var error = Assert.Throws<FormatException>(() => Runner(Noisy, threads: 3).RunPieces(new UnitSquare(), 0, 10_000, new Rng(19), _ => throw new FormatException("disk full")));
        Assert.Equal("disk full", error.Message);
    }

    [Fact]
    public void Run_SlowEvents_AreTakenOneByOne()
    {
        var clock = new StepClock();
        var slow = new StubSimulator(2, 3, (theta, x, rng) =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            Noise(theta, x, rng);
        });
        var quick = new List<int>();
        var pieces = new List<int>();
        new SimulationRunner(slow, new SimulationOptions { Threads = 1, Clock = clock }).RunPieces(new UnitSquare(), 0, 1_000, new Rng(20), p => pieces.Add(p.Count));
        new SimulationRunner(Noisy, new SimulationOptions { Threads = 1, Clock = clock }).RunPieces(new UnitSquare(), 0, 1_000, new Rng(20), p => quick.Add(p.Count));
        Assert.All(pieces, count => Assert.Equal(1, count));
        Assert.Contains(64, quick);
    }

    [Theory]
    [InlineData(1, 7), InlineData(3, 50), InlineData(2, 100_000)]
    public void Run_BatchSimulator_GivesTheNumbersOfSingleEvents(int concurrency, int rows)
    {
        var batches = new StubBatches(Noisy, concurrency, rows);
        SimulationSet whole = new SimulationRunner(Noisy).Run(new UnitSquare(), 0, 2_000, new Rng(21)), set = new SimulationRunner(batches).Run(new UnitSquare(), 0, 2_000, new Rng(21));
        Assert.Equal(whole.X, set.X);
        Assert.Equal(whole.Theta, set.Theta);
        Assert.InRange(batches.AtOnce, 1, concurrency);
        Assert.InRange(batches.Largest, 1, rows);
    }

    [Fact]
    public void Run_BatchSimulatorWithFailures_CountsThemWithTheirReasons()
    {
        var batches = new StubBatches(Noisy, 2, 30) { FailsBelow = 0.2 };
        List<int> expected = ExpectedFailures(9, 1_000);
        SimulationSet set = new SimulationRunner(batches).Run(Sampler, 0, 1_000, new Rng(9));
        Assert.Equal(expected, set.FailedRows);
        Assert.All(set.Failures, f => Assert.Equal("it crashed", f.Message));
        Assert.All(expected, row => Assert.All(set.X[(3 * row)..(3 * row + 3)], x => Assert.Equal(double.NaN, x)));
    }

    [Fact]
    public void Run_BatchSimulatorThatThrows_EndsTheRun()
    {
        var batches = new StubBatches(new StubSimulator(2, 3, (_, _, _) => throw new FormatException("no such program")), 3, 10);
        Assert.Equal("no such program", Assert.Throws<FormatException>(() => new SimulationRunner(batches).Run(Sampler, 0, 1_000, new Rng(22))).Message);
    }

    private static SimulationRunner Runner(ISimulator simulator, int threads = 2) => new(simulator, new SimulationOptions { Threads = threads });

    private static void Noise(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        foreach (ref double y in x)
        {
            y = theta[0] + rng.NextNormal();
        }
    }

    private static void NanIfSmall(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        Noise(theta, x, rng);
        x[1] = theta[0] < 0.2 ? double.NaN : x[1];
    }

    // The events whose first parameter is below 0.2, from the streams themselves.
    private static List<int> ExpectedFailures(ulong seed, int count)
        => [.. Enumerable.Range(0, count).Where(i => new Rng(seed).Split(i).Split("theta").NextDouble() < 0.2)];

    private sealed class Recorder : IProgress<SimulationProgress>
    {
        public List<SimulationProgress> Reports { get; } = [];

        public void Report(SimulationProgress value) => Reports.Add(value);
    }

    private sealed class UnitSquare : IDistribution
    {
        public int Dimension => 2;

        public IReadOnlyList<Support> Supports { get; } = [new(0, 1), new(0, 1)];

        public double LogProb(ReadOnlySpan<double> x) => 0;

        public void Sample(Span<double> x, Rng rng) => rng.FillUniform(x);
    }

    private sealed class StepClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
