using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Pilots;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Fresh;
using Quincunx.Tests.Inference.Training;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Pilots;

public sealed class PilotPosteriorTests
{
    private const double Quiet = 0.02;
    private static readonly double[] X = [0.9, -0.4, 0.7, 0.3];

    // Of one observation, so narrow that a network which reads it would have to be good to a thousandth of the prior.
    private static readonly double[] Narrow = [0.9, -0.4, 0.68, Quiet];
    private static readonly GaussianNoise Noise = new(3, new Uniform(0.02, 1));
    private static readonly NeuralPosteriorOptions Network = FreshChecks.Network with { Embedding = new MlpEmbeddingOptions { Hidden = [16], Outputs = 8 } };

    [Fact]
    public void TrainEndless_PilotIsThePosterior_StaysSo()
    {
        // snippet: pilot
        var pilot = new LeastSquaresPilot(NoisyLine.Prior, Line.Slopes, outputs: 3, contextCount: 1, (context, sigmas) => sigmas.Fill(context[0]));
        PilotResult result = PilotPosteriorEstimation.TrainEndless(
            new NoisyLine(), NoisyLine.Prior, Noise, pilot, Network, new EndlessOptions { Rows = 4000 }, Training, new Rng(2));

        double[] draws = new double[2 * 1000];
        result.Posterior!.Sample([0.9, -0.4, 0.68, 0.02], draws, new Rng(3));       // the last number is the noise level
        // end-snippet
        Assert.Equal(4000 + (3 * 3600), result.Fresh.Simulations);
        FreshChecks.AssertIsNormal(result.Posterior!, Narrow, NoisyLine.Posterior(Narrow, Quiet), "quiet");
        FreshChecks.AssertIsNormal(result.Posterior!, X, NoisyLine.Posterior(X, 0.3), "loud");

        PilotPosterior loaded = PilotPosteriorEstimation.Untrained(new SupportBijection(NoisyLine.Prior), pilot, Network);
        StateFile.Carry(result.Posterior!, loaded);
        AssertSame(result.Posterior!, loaded);
    }

    [Fact]
    public void LogProb_BoxWithThePilotOutside_IntegratesToOneAndIsThatOfPairs()
    {
        // No training: whatever the network, the density is one over the prior's support.
        var box = new Box([-0.5, -1], [0.5, 0.5]);
        var pilot = new LeastSquaresPilot(box, Line.Slopes, 3, 1, (context, sigmas) => sigmas.Fill(context[0]));
        PilotPosterior posterior = PilotPosteriorEstimation.TrainEndless(
            new NoisyLine(), box, Noise, pilot, Network, new EndlessOptions { Rows = 300 }, FreshChecks.Short with { MaxEpochs = 1 }, new Rng(2)).Posterior!;
        const int Points = 200;
        double[] grid = new double[2 * Points * Points], logs = new double[Points * Points];
        for (int i = 0; i < Points * Points; i++)
        {
            (grid[2 * i], grid[(2 * i) + 1]) = (-0.5 + ((i % Points) + 0.5) / Points, -1 + (1.5 * ((i / Points) + 0.5) / Points));
        }

        posterior.LogProb(X, grid, logs);

        // By the midpoint rule, of a density that may be steep at the edges.
        Assert.Equal(1, logs.Sum(Math.Exp) * 1.5 / (Points * Points), 0.01);

        double[] draws = new double[2 * 500], own = new double[500], pairs = new double[500], xs = [.. Enumerable.Repeat(X, 500).SelectMany(x => x)];
        posterior.Sample(X, draws, new Rng(1));
        Assert.All(Enumerable.Range(0, 500), i => Assert.True(box.Supports[0].Contains(draws[2 * i]) && box.Supports[1].Contains(draws[(2 * i) + 1])));
        posterior.LogProb(X, draws, own);
        posterior.LogProbPairs(draws, xs, pairs);
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(own[i], pairs[i], 1e-4);
        }

        double[] few = new double[3];
        posterior.LogProb(X, [0.7, 0, double.NaN, 0, 0, 0], few);
        Assert.Equal((double.NegativeInfinity, true, true), (few[0], double.IsNaN(few[1]), double.IsFinite(few[2])));
    }

    [Fact]
    public void TrainEndless_AnyThreadsOrInterruption_TheSameBits()
    {
        var pilot = new LeastSquaresPilot(NoisyLine.Prior, Line.Slopes, 3, 1, (context, sigmas) => sigmas.Fill(context[0]));
        PilotPosterior Run(int threads, ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default) => PilotPosteriorEstimation.TrainEndless(
            new NoisyLine(), NoisyLine.Prior, Noise, pilot, Network, new EndlessOptions { Rows = 400, Simulation = new SimulationOptions { Threads = threads } },
            FreshChecks.Short with { Threads = threads }, new Rng(2), null, checkpoints, cancel).Posterior!;
        PilotPosterior whole = Run(2);
        AssertSame(whole, Run(1));
        using var cut = new CancellationTokenSource();
        var memory = new MemoryCheckpoints { Stepped = step => CancelAt(cut, step) };
        _ = Run(2, memory, cut.Token);
        AssertSame(whole, Run(2, memory));
    }

    [Fact]
    public void BadInput_Throws()
    {
        var pilot = new LeastSquaresPilot(NoisyLine.Prior, Line.Slopes, 3, 0, (_, sigmas) => sigmas.Fill(1));
        Assert.Contains("observations of 4 numbers, got one of 2 and 3", Assert.Throws<ArgumentException>(() => PilotPosteriorEstimation.TrainEndless(
            new NoisyLine(), NoisyLine.Prior, Noise, pilot, Network, new EndlessOptions { Rows = 100 }, FreshChecks.Short, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PilotPosteriorEstimation.Untrained(new SupportBijection(new Box([0], [1])), pilot, Network));
        PilotPosterior untrained = PilotPosteriorEstimation.Untrained(new SupportBijection(NoisyLine.Prior), pilot, Network);
        Assert.Throws<ArgumentException>(() => untrained.Sample([1, 2, double.NaN], new double[2], new Rng(1)));
        Assert.Throws<ArgumentException>(() => untrained.Sample([1, 2, 3], new double[3], new Rng(1)));
        Assert.Throws<ArgumentException>(() => untrained.LogProb([1, 2, 3], new double[3], new double[2]));
        Assert.Throws<ArgumentException>(() => untrained.LogProbPairs(new double[4], [1, 2, 3], new double[2]));
    }

    private static TrainingOptions Training { get; } = FreshPosteriorEstimation.DefaultTraining with { MaxEpochs = 4, BatchSize = 128, Threads = 2 };

    private static void CancelAt(CancellationTokenSource source, int step)
    {
        if (step == 10)
        {
            source.Cancel();
        }
    }

    private static void AssertSame(IPosteriorEstimator expected, IPosteriorEstimator found)
    {
        double[] thetas = new double[40], logs = new double[20], others = new double[20];
        expected.Sample(X, thetas, new Rng(1));
        expected.LogProb(X, thetas, logs);
        found.LogProb(X, thetas, others);
        Assert.Equal(logs, others);
    }
}
