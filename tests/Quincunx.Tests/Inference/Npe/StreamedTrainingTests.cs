using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Inference.Training;

namespace Quincunx.Tests.Inference.Npe;

/// <summary>Training on pairs that are read from blocks: the numbers of training on pairs in memory, in the same order.</summary>
public sealed class StreamedTrainingTests
{
    private const int Rows = 3000, BlockRows = 60, Parameters = 2, Memory = 16_000;
    private static readonly IndependentProduct Prior = new(("theta_1", new Uniform(-1, 1)), ("theta_2", new Normal(0, 1)));

    private static readonly SimulationPairs Pairs =
        new SimulationRunner(new GaussianLinear(Parameters)).Run(Prior, 0, Rows, new Rng(5).Split("simulate")).Successful();

    private static readonly TrainingOptions Options = new() { BatchSize = 50, MaxEpochs = 3, AverageDecay = 0.9, LearningRate = 0.003, Threads = 2 };

    [Fact]
    public void Run_OfStreamedPairs_HasTheBitsOfPairsInMemoryInThatOrder()
    {
        NeuralPosterior streamed = Posterior(), resident = Posterior();
        TrainingResult a = Trainer.Run(Streamed(streamed), Options, new Rng(7));
        TrainingResult b = Trainer.Run(InThatOrder(resident), Options, new Rng(7));

        Assert.Equal(b.History, a.History);
        Assert.Equal((b.TrainingRows, b.ValidationRows), (a.TrainingRows, a.ValidationRows));
        Assert.Equal(Rows, a.TrainingRows + a.ValidationRows);
        Assert.Equal(b.Replays, a.Replays);
        Assert.True(a.Replays >= 100);
        AssertSameBytes(resident, streamed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Run_OnAnyNumberOfThreads_HasTheSameBits(int threads)
    {
        NeuralPosterior expected = Posterior(), actual = Posterior();
        Trainer.Run(Streamed(expected), Options, new Rng(7));
        Trainer.Run(Streamed(actual), Options with { Threads = threads }, new Rng(7));
        AssertSameBytes(expected, actual);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(54)]
    [InlineData(55)]
    [InlineData(120)]
    public void Run_ResumedAnywhere_EndsInTheSameBytes(int after)
    {
        NeuralPosterior straight = Posterior(), resumed = Posterior();
        TrainingResult expected = Trainer.Run(Streamed(straight), Options, new Rng(7));
        using var source = new CancellationTokenSource();
        var checkpoints = new MemoryCheckpoints(every: 100)
        {
            Stepped = taken =>
            {
                if (taken == after)
                {
                    source.Cancel();
                }
            },
        };
        Assert.Equal(StopReason.Cancelled, Trainer.Run(Streamed(Posterior()), Options, new Rng(7), null, checkpoints, source.Token).StopReason);
        TrainingResult actual = Trainer.Run(Streamed(resumed), Options, new Rng(7), null, checkpoints);
        Assert.Equal(expected.History, actual.History);
        AssertSameBytes(straight, resumed);
    }

    [Fact]
    public void Run_ResumedWithOtherMemory_SaysWhatDiffers()
    {
        var checkpoints = new MemoryCheckpoints();
        TrainingOptions options = Options with { MaxEpochs = 1, ValidationFraction = 0.05 };
        Trainer.Run(Streamed(Posterior()), options, new Rng(7), null, checkpoints);
        Assert.Contains("'mixed'", Assert.Throws<StateException>(() => Trainer.Run(Streamed(Posterior(), 2 * Memory), options, new Rng(7), null, checkpoints)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithAStepLimitInsideAnEpoch_Validates()
    {
        TrainingResult result = Trainer.Run(Streamed(Posterior()), Options with { MaxSteps = 7 }, new Rng(7));
        Assert.Equal((StopReason.BudgetSteps, 7), (result.StopReason, result.Steps));
        Assert.True(double.IsFinite(result.BestValidationLoss));
    }

    [Fact]
    public void Train_OnBlocks_LearnsWhatItLearnsInMemory()
    {
        var training = Options with { MaxEpochs = 10 };
        NpeResult inMemory = NeuralPosteriorEstimation.Train(new SupportBijection(Prior), Pairs.Theta, Pairs.X, Parameters, Network(), training, new Rng(9));
        NpeResult streamed = NeuralPosteriorEstimation.Train(new SupportBijection(Prior), new PairBlocks(Pairs, BlockRows), Memory, Network(), training, new Rng(9));

        // Held-out rows differ, 300 and 125 of them (a fifth of 5/8 of the memory) with losses that scatter by about 1: 0.11 for the difference, of which 4.
        Assert.Equal(inMemory.Training.BestValidationLoss, streamed.Training.BestValidationLoss, 0.42);
        Assert.Equal((300, 125), (inMemory.Training.ValidationRows, streamed.Training.ValidationRows));
        Assert.Throws<ArgumentException>(() => NeuralPosteriorEstimation.Train(
            new SupportBijection(Prior), new PairBlocks(Pairs, 1000), Memory, Network(), training, new Rng(9)));
    }

    [Fact]
    public void PairScales_OfBlocks_AreThoseOfAllRows()
    {
        var bijection = new SupportBijection(Prior);
        PairScales scales = PairScales.Fit(bijection, new PairBlocks(Pairs, BlockRows), Memory, new Rng(1));
        double[] z = new double[Pairs.Theta.Length];
        bijection.ToUnconstrained(Pairs.Theta, z);
        var theta = Standardise.Fit(z, Parameters);
        for (int j = 0; j < Parameters; j++)
        {
            Assert.Equal(theta.Mean[j], scales.Theta.Mean[j], 1e-13);
            Assert.Equal(theta.Scale[j], scales.Theta.Scale[j], 1e-13);
        }

        // A sample of 1000 of 3000 rows: the median and the interquartile range within 5 standard errors, √(2/3) 1.25 / √1000 and the like.
        double[] ends = [-1, -1, 0, 0, 1, 1], exact = new double[6], sampled = new double[6];
        FeatureScaling.Fit(Pairs.X, Parameters).Apply(ends, exact);
        scales.X.Apply(ends, sampled);
        Assert.All(exact.Zip(sampled), p => Assert.Equal(p.First, p.Second, 0.17 * (1 + Math.Abs(p.First))));
        Assert.NotEqual(exact, sampled);

        // A sample that is everything gives the same bits.
        PairScales.Fit(bijection, new PairBlocks(Pairs, BlockRows), 1 << 20, new Rng(1)).X.Apply(ends, sampled);
        Assert.Equal(exact, sampled);
    }

    [Fact]
    public void Steps_OnStreamedPairs_AllocateNothing()
    {
        // One window holds everything, so that steps follow each other without a new window; a window more costs its enumeration of blocks.
        NpeTask task = Streamed(Posterior(), memory: 1 << 20);
        using var plan = new StreamedPlan(task.Blocks!, Options with { BatchSize = 10, MaxEpochs = 1 }, new Rng(7));
        using var step = new TrainingStep(task, Options with { Threads = 1 });
        plan.Begin(0, 0);
        var stream = new Rng(0);
        int batch = 0;
        long Steps(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < count; i++)
            {
                step.Run(plan.Batch(batch++, default), stream, 1e-4);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Steps(60);
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => Steps(20)));
    }

    private static NeuralPosteriorOptions Network() => new() { Flow = new FlowOptions { Kind = FlowKind.AffineAutoregressive, Transforms = 2, Hidden = 16, Blocks = 1 } };

    private static NeuralPosterior Posterior()
    {
        var bijection = new SupportBijection(Prior);
        PairScales scales = PairScales.Fit(bijection, new PairBlocks(Pairs, BlockRows), Memory, new Rng(1));
        return new NeuralPosterior(bijection, scales.Theta, scales.X, Network(), new Rng(2));
    }

    private static NpeTask Streamed(NeuralPosterior posterior, int memory = Memory) =>
        new(posterior, ScaledPairs.Streamed(new PairBlocks(Pairs, BlockRows), memory, posterior.ScaleTheta, posterior.Scaling.Apply));

    private static TrainingTask InThatOrder(NeuralPosterior posterior) => new Listed(
        new NpeTask(posterior, Pairs.Theta, Pairs.X),
        new ListedBlocks(new PairBlocks(Pairs, BlockRows).Rows, Memory / (sizeof(float) * 2 * Parameters)));

    private static void AssertSameBytes(NeuralPosterior expected, NeuralPosterior actual) => Assert.Equal(
        ModuleState.Export(expected).Select(e => (e.Key, Convert.ToHexString(e.Value.Bytes))),
        ModuleState.Export(actual).Select(e => (e.Key, Convert.ToHexString(e.Value.Bytes))));

    // A task with all rows in memory, in the order of blocks.
    private sealed class Listed(TrainingTask task, ListedBlocks blocks) : TrainingTask
    {
        public override IModule Module => task.Module;

        public override int Count => task.Count;

        public override IRowBlocks? Blocks => blocks;

        public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng) => task.Loss(RowsIn(rows), mode, rng);

        public override BatchLoss? Batch(int rows) => new ListedBatch(this, task.Batch(rows)!);

        private int[] RowsIn(ReadOnlySpan<int> slots) => [.. slots.ToArray().Select(blocks.RowIn)];

        private sealed class ListedBatch(Listed owner, BatchLoss batch) : BatchLoss
        {
            public override void Fill(ReadOnlySpan<int> rows, Rng rng) => batch.Fill(owner.RowsIn(rows), rng);

            public override Tensor Loss() => batch.Loss();
        }
    }
}
