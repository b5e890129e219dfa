using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Training;

public sealed class TrainingStepTests
{
    private const int Rows = 160;

    public static TheoryData<FlowKind, int, int> Shapes => new()
    {
        { FlowKind.SplineAutoregressive, 3, 0 }, { FlowKind.AffineAutoregressive, 2, 8 }, { FlowKind.SplineCoupling, 3, 0 },
        { FlowKind.AffineCoupling, 2, 0 }, { FlowKind.Continuous, 2, 8 }, { FlowKind.SplineAutoregressive, 1, 0 },
    };

    // The promise of the replay: the numbers of a step are those of evaluating the loss.
    [Theory, MemberData(nameof(Shapes))]
    public void Run_OfNpe_ReplaysWithTheBitsOfEvaluation(FlowKind kind, int dimension, int embedding) => AssertReplays(kind, dimension, embedding, 0);

    [Theory, MemberData(nameof(Shapes))]
    public void Run_WithDropout_ReplaysWithTheBitsOfEvaluation(FlowKind kind, int dimension, int embedding) => AssertReplays(kind, dimension, embedding, 0.3);

    [Fact]
    public void Run_WithDropout_DropsAnewInEachStepAndNothingElsewhere()
    {
        (NpeTask task, Rng rng) = Npe(FlowKind.SplineAutoregressive, 3, 0);
        using var step = new TrainingStep(task, new TrainingOptions { Dropout = 0.3 });
        using var whole = new TrainingStep(task, new TrainingOptions());
        int[] rows = rng.Permutation(Rows)[..50];
        double without = whole.Run(rows, rng, 0).Loss;
        double[] losses = [.. Enumerable.Range(0, 200).Select(i => step.Run(rows, rng.Split(i), 0).Loss)];
        Assert.Equal(200, losses.Distinct().Count());
        Assert.Equal(without, task.Loss(rows, Mode.Evaluation, rng).ToScalar() / rows.Length, 1e-5);

        // The mean of what is multiplied with is 1: losses lie about that without dropout, above it by their curvature.
        double mean = losses.Average(), spread = Math.Sqrt(losses.Average(l => (l - mean) * (l - mean)));
        Assert.InRange(without, mean - (3 * spread), mean + (3 * spread));
    }

    private static void AssertReplays(FlowKind kind, int dimension, int embedding, double dropout)
    {
        (NpeTask replayed, Rng rng) = Npe(kind, dimension, embedding);
        (NpeTask evaluated, _) = Npe(kind, dimension, embedding);
        var options = new TrainingOptions { BatchSize = 50, Threads = 2, Dropout = dropout };
        using var a = new TrainingStep(replayed, options);
        using var b = new TrainingStep(new Evaluated(evaluated), options);
        for (int i = 0; i < 12; i++)
        {
            int[] rows = rng.Split(i).Permutation(Rows)[..(48 + (i % 3))];
            StepOutcome first = a.Run(rows, rng, 1e-3), second = b.Run(rows, rng, 1e-3);
            Assert.Equal(second, first);
        }

        Assert.Null(a.Obstacle);
        Assert.Equal(12, a.Replays);
        Assert.Equal(0, b.Replays);
        Assert.All(a.Parameters.Zip(b.Parameters), p => Assert.Equal(p.Second.Value.ToArray(), p.First.Value.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_Steady_AllocatesNothing(int threads)
    {
        (NpeTask task, Rng rng) = Npe(FlowKind.SplineAutoregressive, 3, embedding: 8);
        using var step = new TrainingStep(task, new TrainingOptions { Threads = threads });
        int[] rows = rng.Permutation(Rows);
        var stream = new Rng(0);
        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                stream.Become(rng, i);
                step.Run(rows.AsMemory(0, 100), stream, 1e-4);
            }
        }

        // Until the compiler is done with what it counts, and other tests' threads are none of ours: the least of several runs.
        Steps(50);
        long least = long.MaxValue;
        for (int repeat = 0; repeat < 5 && least > 0; repeat++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Steps(1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Run_WhereTheRecordingLies_EvaluatesInstead()
    {
        var task = new Frozen();
        using var step = new TrainingStep(task, new TrainingOptions { Chunks = 1 });
        Assert.Equal(1, step.Run(new[] { 0 }, new Rng(1), 0).Loss);
        Assert.Equal(2, step.Run(new[] { 1 }, new Rng(1), 0).Loss);
        Assert.Equal(3, step.Run(new[] { 2 }, new Rng(1), 0).Loss);
        Assert.Equal(1, step.Replays);
        Assert.Contains("depend", step.Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfMoreRowsThanAChunkHolds_IsCutAndAdded()
    {
        (NpeTask whole, Rng rng) = Npe(FlowKind.AffineAutoregressive, 2, 0);
        (NpeTask cut, _) = Npe(FlowKind.AffineAutoregressive, 2, 0);
        int[] rows = rng.Permutation(Rows);
        using var a = new TrainingStep(whole, new TrainingOptions { Chunks = 1 });
        using var b = new TrainingStep(cut, new TrainingOptions { Chunks = 1, MaximumChunkRows = 50 });
        StepOutcome one = a.Run(rows, rng, 1e-3), four = b.Run(rows, rng, 1e-3);
        Assert.Equal(one.Loss, four.Loss, 1e-5);
        Assert.Equal(one.GradientNorm, four.GradientNorm, 1e-4);
        Assert.Equal(4, b.Replays);
    }

    [Fact]
    public void Run_OfManyChunksOnAnyNumberOfThreads_GivesTheSameBits()
    {
        (NpeTask one, Rng rng) = Npe(FlowKind.SplineAutoregressive, 3, 0);
        (NpeTask two, _) = Npe(FlowKind.SplineAutoregressive, 3, 0);
        var options = new TrainingOptions { MaximumChunkRows = 32 };
        using var a = new TrainingStep(one, options with { Threads = 1 });
        using var b = new TrainingStep(two, options with { Threads = 2 });
        for (int i = 0; i < 5; i++)
        {
            int[] rows = rng.Split(i).Permutation(Rows)[..(Rows - i)];
            Assert.Equal(a.Run(rows, rng, 1e-3), b.Run(rows, rng, 1e-3));
        }

        Assert.Equal(25, a.Replays);
        Assert.All(a.Parameters.Zip(b.Parameters), p => Assert.Equal(p.Second.Value.ToArray(), p.First.Value.ToArray()));
    }

    // Both weights have one tensor as their gradient: to scale it down for each would do so twice.
    [Fact]
    public void Run_WhereGradientsShareMemory_ClipsEachOnce()
    {
        var task = new Summed();
        using var step = new TrainingStep(task, new TrainingOptions { Chunks = 1, ClipNorm = 0.5 });
        for (int i = 0; i < 6; i++)
        {
            StepOutcome outcome = step.Run(new[] { i }, new Rng(1), 0.1);
            Assert.Equal(Math.Sqrt(2) * (i + 1), outcome.GradientNorm, 1e-5);
            Assert.All(step.Gradient.Values, g => Assert.Equal(0.5 / Math.Sqrt(2), g.ToArray()[0], 1e-6));
        }

        Assert.Equal(6, step.Replays);
    }

    private static (NpeTask Task, Rng Rng) Npe(FlowKind kind, int dimension, int embedding)
    {
        var rng = new Rng(5);
        double[] theta = new double[Rows * dimension], x = new double[Rows * 4];
        rng.Split("theta").FillNormal(theta);
        rng.Split("x").FillNormal(x);
        var options = new NeuralPosteriorOptions
        {
            Flow = new FlowOptions { Kind = kind, Transforms = 2, Hidden = 12, Bins = 4 },
            Embedding = embedding == 0 ? null : new MlpEmbeddingOptions { Hidden = [16], Outputs = embedding },
        };
        var bijection = new SupportBijection([.. Enumerable.Repeat(Support.Real, dimension)]);
        var posterior = new NeuralPosterior(bijection, Standardise.Fit(theta, dimension), FeatureScaling.Fit(x, 4), options, rng.Split("weights"));

        // Away from the identity it starts as, so that every weight has a gradient.
        foreach (Parameter parameter in ParameterTree.Of(posterior).Trained)
        {
            parameter.Assign([.. parameter.Value.ToArray().Select((v, i) => v + (0.05 * Math.Sin(i + 1)))]);
        }

        return (new NpeTask(posterior, theta, x), rng);
    }

    private sealed class Evaluated(TrainingTask task) : TrainingTask
    {
        public override IModule Module => task.Module;

        public override int Count => task.Count;

        public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng) => task.Loss(rows, mode, rng);
    }

    // Its recordable form forgets that the rows matter.
    private sealed class Frozen : TrainingTask
    {
        private readonly Linear _layer = new(1, 1, new Rng(1), Initialiser.Zeros);

        public override IModule Module => _layer;

        public override int Count => 3;

        public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng) => Of(rows[0]);

        public override BatchLoss Batch(int rows) => new Forgetful(this);

        private Tensor Of(int row) => (_layer.Weight.Value + (row + 1)).Sum();

        private sealed class Forgetful(Frozen task) : BatchLoss
        {
            public override void Fill(ReadOnlySpan<int> rows, Rng rng)
            {
            }

            public override Tensor Loss() => task.Of(0);
        }
    }

    // The row's number times the sum of two weights.
    private sealed class Summed : TrainingTask, IModule
    {
        private readonly Parameter _a = new(Tensor.Zeros(new Shape(1))), _b = new(Tensor.Zeros(new Shape(1)));

        public override IModule Module => this;

        public override int Count => 6;

        public void Describe(ParameterTree tree)
        {
            tree.Add("a", _a);
            tree.Add("b", _b);
        }

        public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng) => ((_a.Value + _b.Value) * (rows[0] + 1.0)).Sum();

        public override BatchLoss Batch(int rows) => new Row(this);

        private sealed class Row(Summed task) : BatchLoss
        {
            private readonly Parameter _number = new(Tensor.Zeros(new Shape(1)), isTrained: false);

            public override void Fill(ReadOnlySpan<int> rows, Rng rng) => _number.Assign([rows[0] + 1.0]);

            public override Tensor Loss() => ((task._a.Value + task._b.Value) * _number.Value).Sum();
        }
    }
}
