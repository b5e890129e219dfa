using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Training;

namespace Quincunx.Tests.Inference.Fresh;

public sealed class FreshTrainingTests
{
    private static readonly double[] X = [0.9, -0.4, 0.3, 0.4];
    private static readonly GaussianNoise Noise = new(3, new Uniform(0.2, 1));
    private static readonly NeuralPosteriorOptions Network = FreshChecks.Network with { ContextFeatures = 1 };

    [Fact]
    public void Train_AnyThreadsOrInterruption_TheSameBits()
    {
        (double[] thetas, double[] outputs) = NoisyLine.Draw(500, new Rng(1));
        NpeResult Run(TrainingOptions training, ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default, IProgress<TrainingProgress>? progress = null) =>
            FreshPosteriorEstimation.Train(new SupportBijection(NoisyLine.Prior), thetas, outputs, Noise, Network, training, new Rng(2), null, progress, checkpoints, cancel);
        NpeResult whole = Run(FreshChecks.Short);
        Assert.Equal(StopReason.MaxEpochs, whole.Training.StopReason);
        Assert.True(whole.Training.Replays > 0, "The task can be recorded.");
        AssertSame(whole.Posterior, Run(FreshChecks.Short with { Threads = 1 }).Posterior);

        using var cut = new CancellationTokenSource();
        var memory = new MemoryCheckpoints { Stepped = step => CancelAt(cut, step, at: 10) };
        NpeResult half = Run(FreshChecks.Short, memory, cut.Token);
        Assert.Equal(StopReason.Cancelled, half.Training.StopReason);
        AssertSame(whole.Posterior, Run(FreshChecks.Short, memory).Posterior);
    }

    [Fact]
    public void TrainEndless_AnyThreadsOrInterruption_TheSameBitsAndBudget()
    {
        FreshResult Run(ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default, int threads = 0) => FreshPosteriorEstimation.TrainEndless(
            new NoisyLine(), NoisyLine.Prior, Noise, Network, new EndlessOptions { Rows = 400, Simulation = new SimulationOptions { Threads = threads } }, FreshChecks.Short, new Rng(2), null, checkpoints, cancel);
        FreshResult whole = Run();

        // 40 of 400 rows are held out; three of the four epochs replace the others.
        Assert.Equal((FreshStop.Trained, 400 + (3 * 360), 0), (whole.Stop, whole.Simulations, whole.Failed));
        Assert.Null(whole.Advice);
        AssertSame(whole.Posterior!, Run(threads: 1).Posterior!);

        using var cut = new CancellationTokenSource();
        var memory = new MemoryCheckpoints { Stepped = step => CancelAt(cut, step, at: 10) };
        FreshResult half = Run(memory, cut.Token);
        Assert.Equal((FreshStop.Trained, StopReason.Cancelled), (half.Stop, half.Training!.StopReason));
        Assert.Equal(400 + 360, half.Simulations);
        FreshResult rest = Run(memory);
        AssertSame(whole.Posterior!, rest.Posterior!);
        Assert.Equal(whole.Simulations, rest.Simulations);
    }

    [Fact]
    public void TrainEndless_EachSimulation_IsMadeOnceAndCounted()
    {
        var counting = new Recording(failing: 0);
        FreshResult result = FreshPosteriorEstimation.TrainEndless(
            counting, NoisyLine.Prior, Noise, Network, new EndlessOptions { Rows = 300 }, FreshChecks.Short, new Rng(2));
        Assert.Equal(result.Simulations + result.Unused, counting.Thetas.Count);
        Assert.Equal(0, result.Unused);         // nothing is made for an epoch that there is not
        Assert.Equal(counting.Thetas.Count, counting.Thetas.Distinct().Count());
    }

    // Those that are there are the first epoch, and the next goes on behind them: as if all had been made here.
    [Fact]
    public void TrainEndless_FromStoredEvents_IsWhatMakingThemIs()
    {
        const int Rows = 300;
        var options = new EndlessOptions { Rows = Rows };
        FreshResult Run(EndlessOptions endless) => FreshPosteriorEstimation.TrainEndless(new NoisyLine(), NoisyLine.Prior, Noise, Network, endless, FreshChecks.Short, new Rng(2));
        Rng stream = new Rng(2).Split("simulate");
        SimulationPairs pairs = new SimulationRunner(new NoisyLine()).Run(NoisyLine.Prior, 0, Rows, stream).Successful();
        FreshResult whole = Run(options), stored = Run(options with { Stored = new StoredEvents(pairs, Rows, stream) });
        AssertSame(whole.Posterior!, stored.Posterior!);
        Assert.Equal(whole.Simulations, stored.Simulations);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(options with { Stored = new StoredEvents(pairs, Rows - 1, stream) }));
    }

    [Fact]
    public void TrainEndless_InterruptedWhereSimulationsFail_CountsTheSame()
    {
        FreshResult Run(ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default) => FreshPosteriorEstimation.TrainEndless(
            new Recording(failing: 0.3), NoisyLine.Prior, Noise, Network, new EndlessOptions { Rows = 400 }, FreshChecks.Short, new Rng(2), null, checkpoints, cancel);
        FreshResult whole = Run();
        foreach (int at in (int[])[3, 10])
        {
            using var cut = new CancellationTokenSource();
            var memory = new MemoryCheckpoints { Stepped = step => CancelAt(cut, step, at) };
            Assert.Equal(StopReason.Cancelled, Run(memory, cut.Token).Training!.StopReason);
            FreshResult rest = Run(memory);
            AssertSame(whole.Posterior!, rest.Posterior!);
            Assert.Equal((whole.Simulations, whole.Failed), (rest.Simulations, rest.Failed));
        }
    }

    [Fact]
    public void TrainEndless_WhereSomeSimulationsFail_ReplacesAndCountsThem()
    {
        var failing = new Recording(failing: 0.3);
        FreshResult result = FreshPosteriorEstimation.TrainEndless(
            failing, NoisyLine.Prior, Noise, Network, new EndlessOptions { Rows = 300 }, FreshChecks.Short, new Rng(2));
        Assert.Equal((FreshStop.Trained, 300 + (3 * 270)), (result.Stop, result.Simulations));
        Assert.Equal(failing.Thetas.Count, result.Simulations + result.Failed);

        // Failures until 1,110 successes: mean 1110 · 0.3 / 0.7 = 476, sd √(1110 · 0.3) / 0.7 = 26; 5 of them.
        Assert.InRange(result.Failed, 476 - 130, 476 + 130);
        Assert.NotEmpty(result.Failures);
    }

    [Fact]
    public void TrainEndless_WhereAllSimulationsFail_SaysSo()
    {
        FreshResult result = FreshPosteriorEstimation.TrainEndless(
            new Recording(failing: 1), NoisyLine.Prior, Noise, Network, new EndlessOptions { Rows = 300 }, FreshChecks.Short, new Rng(2));
        Assert.Equal((FreshStop.SimulationsFail, 0L, 100L), (result.Stop, result.Simulations, result.Failed));
        Assert.Null(result.Posterior);
        Assert.Contains("restrict the prior", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainEndless_CancelledBeforeItBegan_IsAResult()
    {
        FreshResult result = FreshPosteriorEstimation.TrainEndless(
            new NoisyLine(), NoisyLine.Prior, Noise, Network, new EndlessOptions { Rows = 300 }, FreshChecks.Short, new Rng(2), cancel: new CancellationToken(canceled: true));
        Assert.Equal(FreshStop.Cancelled, result.Stop);
        Assert.Null(result.Posterior);
    }

    [Fact]
    public void TrainEndless_WithoutAMeasurement_TakesOutputsAsTheyAre()
    {
        FreshResult result = FreshPosteriorEstimation.TrainEndless(
            new NoisyLine(), NoisyLine.Prior, measurement: null, FreshChecks.Network, new EndlessOptions { Rows = 200 }, FreshChecks.Short, new Rng(2));
        Assert.Equal(3, result.Posterior!.Features);
    }

    [Fact]
    public void Train_WhatDoesNotFit_Throws()
    {
        var bijection = new SupportBijection(NoisyLine.Prior);
        (double[] thetas, double[] outputs) = NoisyLine.Draw(50, new Rng(1));
        ArgumentException Thrown(IMeasurement measurement, NeuralPosteriorOptions network, double[] xs) => Assert.ThrowsAny<ArgumentException>(
            () => FreshPosteriorEstimation.Train(bijection, thetas, xs, measurement, network, FreshChecks.Short, new Rng(2)));
        Assert.Contains("Missing = Embedded", Thrown(new Gaps(3, Gaps.Independent(0.5, 0.5)), FreshChecks.Network, outputs).Message, StringComparison.Ordinal);
        Assert.Contains("4 outputs", Thrown(new GaussianNoise(4, new Uniform(0.2, 1)), Network, outputs).Message, StringComparison.Ordinal);
        Assert.Contains("NaN as number 1", Thrown(Noise, Network, [0, double.NaN, .. outputs[2..]]).Message, StringComparison.Ordinal);
        Assert.Contains("ContextFeatures", Thrown(Noise, Network with { ContextFeatures = 4 }, outputs).Message, StringComparison.Ordinal);
        Assert.Contains("Compression", Thrown(Noise, Network with { Compression = 4 }, outputs).Message, StringComparison.Ordinal);
        Assert.Contains("a measurement of 3 outputs, got one of 4", Assert.Throws<ArgumentException>(() => FreshPosteriorEstimation.TrainEndless(
            new NoisyLine(), NoisyLine.Prior, new GaussianNoise(4, new Uniform(0.2, 1)), Network, new EndlessOptions(), FreshChecks.Short, new Rng(1))).Message, StringComparison.Ordinal);
    }

    private static void CancelAt(CancellationTokenSource source, int step, int at)
    {
        if (step == at)
        {
            source.Cancel();
        }
    }

    private static void AssertSame(NeuralPosterior expected, NeuralPosterior found)
    {
        double[] thetas = new double[40], logs = new double[20], others = new double[20];
        expected.Sample(X, thetas, new Rng(1));
        expected.LogProb(X, thetas, logs);
        found.LogProb(X, thetas, others);
        Assert.Equal(logs, others);
    }

    private sealed class Recording(double failing) : ISimulator
    {
        private readonly NoisyLine _line = new();
        private readonly Lock _gate = new();

        public List<(double, double)> Thetas { get; } = [];

        public IReadOnlyList<string> ParameterNames => _line.ParameterNames;

        public IReadOnlyList<string> OutputNames => _line.OutputNames;

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            lock (_gate)
            {
                Thetas.Add((theta[0], theta[1]));
            }

            _line.Simulate(theta, x, rng);
            x[0] = rng.NextDouble() < failing ? double.NaN : x[0];
        }
    }
}
