using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Training;

public sealed class TrainerDeterminismTests
{
    public static TheoryData<RateSchedule, double, double> Settings => new()
    {
        { RateSchedule.Plateau, 0.9, 0 },
        { RateSchedule.Cosine, 0, 0.1 },
        { RateSchedule.Constant, 0.5, 0.01 },
    };

    [Theory, MemberData(nameof(Settings))]
    public void Run_Resumed_EndsInTheSameBytes(RateSchedule schedule, double averageDecay, double weightDecay)
    {
        TrainingOptions options = Options(schedule, averageDecay, weightDecay) with { MaxEpochs = 14 };
        (RegressionTask straight, TrainingResult expected) = Run(options, new MemoryCheckpoints());
        foreach ((int last, bool killed) in new[] { (2, true), (5, true), (9, true), (0, false), (3, false), (12, false) })
        {
            // Killed after some epochs, with the last checkpoint up to an epoch old, or cancelled, which saves the last epoch; the new
            // process starts from other weights.
            using var source = new CancellationTokenSource();
            var checkpoints = new MemoryCheckpoints(every: killed ? 2 : 100) { Dead = killed ? source.Token : CancellationToken.None };
            Run(options, checkpoints, new SynchronousProgress<TrainingProgress>(p => Cancel(p, last, source)), source.Token);
            (RegressionTask resumed, TrainingResult actual) = Run(options, checkpoints, perturb: true);

            AssertSameBytes(ModuleState.Export(straight.Module), ModuleState.Export(resumed.Module));
            Assert.Equal(expected.History, actual.History);
            Assert.Equal((expected.StopReason, expected.BestEpoch, expected.Steps), (actual.StopReason, actual.BestEpoch, actual.Steps));
            Assert.Equal(expected.BestValidationLoss, actual.BestValidationLoss);
            Assert.Equal(killed ? last / 2 * 2 : last + 1, resumed.PreparedEpochs[0]);
        }
    }

    [Theory, MemberData(nameof(Settings))]
    public void Run_ResumedInTheMiddleOfAnEpoch_EndsInTheSameBytes(RateSchedule schedule, double averageDecay, double weightDecay)
    {
        TrainingOptions options = Options(schedule, averageDecay, weightDecay) with { MaxEpochs = 6, ClipNorm = 0.5 };
        (RegressionTask straight, TrainingResult expected) = Run(options, new MemoryCheckpoints());
        foreach ((int after, bool killed) in new[] { (4, true), (7, true), (14, true), (1, false), (9, false), (15, false) })
        {
            using var source = new CancellationTokenSource();
            var checkpoints = new MemoryCheckpoints(every: 100)
            {
                Dead = killed ? source.Token : CancellationToken.None,
                Steps = killed ? 3 : 0,
                Stepped = taken => Cancel(taken, after, source),
            };
            Run(options, checkpoints, cancel: source.Token);
            (RegressionTask resumed, TrainingResult actual) = Run(options, checkpoints, perturb: true);

            AssertSameBytes(ModuleState.Export(straight.Module), ModuleState.Export(resumed.Module));
            Assert.Equal(expected.History, actual.History);
            Assert.Equal((expected.StopReason, expected.BestEpoch, expected.Steps), (actual.StopReason, actual.BestEpoch, actual.Steps));
        }
    }

    [Fact]
    public void Run_OfAFinishedCheckpoint_TrainsNoMore()
    {
        TrainingOptions options = Options(RateSchedule.Constant, 0, 0) with { MaxEpochs = 3 };
        var checkpoints = new MemoryCheckpoints();
        (RegressionTask first, _) = Run(options, checkpoints);
        (RegressionTask second, TrainingResult result) = Run(options, checkpoints, perturb: true);

        AssertSameBytes(ModuleState.Export(first.Module), ModuleState.Export(second.Module));
        Assert.Empty(second.PreparedEpochs);
        Assert.Equal(StopReason.MaxEpochs, result.StopReason);
    }

    [Fact]
    public void Run_OnAnyNumberOfThreads_EndsInTheSameBytes()
    {
        TrainingOptions options = Options(RateSchedule.Plateau, 0.9, 0.01) with { MaxEpochs = 4, Chunks = 3 };
        (RegressionTask one, TrainingResult expected) = Run(options with { Threads = 1 }, new MemoryCheckpoints());
        foreach (int threads in new[] { 2, 3, 5 })
        {
            (RegressionTask many, TrainingResult actual) = Run(options with { Threads = threads }, new MemoryCheckpoints());

            AssertSameBytes(ModuleState.Export(one.Module), ModuleState.Export(many.Module));
            Assert.Equal(expected.History, actual.History);
        }
    }

    [Fact]
    public void Run_WithOtherSeeds_Differs()
    {
        TrainingOptions options = Options(RateSchedule.Constant, 0, 0) with { MaxEpochs = 2 };
        var one = new RegressionTask(400);
        var two = new RegressionTask(400);

        Trainer.Run(one, options, new Rng(1));
        Trainer.Run(two, options, new Rng(2));

        Assert.NotEqual(one.Layer.Weight.Value.ToArray(), two.Layer.Weight.Value.ToArray());
    }

    [Fact]
    public void Run_FromACheckpointOfAnotherTraining_SaysWhatDiffers()
    {
        TrainingOptions options = Options(RateSchedule.Constant, 0, 0) with { MaxEpochs = 2 };
        var checkpoints = new MemoryCheckpoints();
        Run(options, checkpoints);

        Assert.Contains("'rows'", Assert.Throws<StateException>(() => Trainer.Run(new RegressionTask(999), options, new Rng(1), null, checkpoints)).Message, StringComparison.Ordinal);
        Assert.Throws<StateException>(() => Run(options with { BatchSize = 7 }, checkpoints));
        Assert.Throws<StateException>(() => Run(options with { AverageDecay = 0.9 }, checkpoints));
        Assert.Throws<StateException>(() => Run(options with { Schedule = RateSchedule.Plateau }, checkpoints));
    }

    [Fact]
    public void PrepareEpoch_OfEndlessData_ChangesTrainingRowsOnly()
    {
        var task = new RegressionTask(400, fresh: true);
        double[] before = [.. task.Y];
        TrainingResult result = Trainer.Run(task, Options(RateSchedule.Constant, 0, 0) with { MaxEpochs = 3 }, new Rng(1));

        Assert.Equal([0, 1, 2], task.PreparedEpochs);
        Assert.Equal(result.ValidationRows, before.Zip(task.Y).Count(p => p.First.Equals(p.Second)));
    }

    private static TrainingOptions Options(RateSchedule schedule, double averageDecay, double weightDecay) => new()
    {
        BatchSize = 90,
        MinimumChunkRows = 16,
        Schedule = schedule,
        AverageDecay = averageDecay,
        WeightDecay = weightDecay,
        LearningRate = 0.02,
        PlateauPatience = 1,
        Dropout = 0.2,
        Threads = 2,
    };

    private static (RegressionTask Task, TrainingResult Result) Run(
        TrainingOptions options,
        MemoryCheckpoints checkpoints,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default,
        bool perturb = false)
    {
        var task = new RegressionTask(400, DType.Float32, dropout: true, fresh: true);
        if (perturb)
        {
            task.Layer.Weight.Assign([7.0, 8, 9]);
        }

        return (task, Trainer.Run(task, options, new Rng(21), progress, checkpoints, cancel));
    }

    private static void Cancel(TrainingProgress progress, int epochs, CancellationTokenSource source)
    {
        if (progress.Latest.Epoch == epochs)
        {
            source.Cancel();
        }
    }

    private static void Cancel(int taken, int after, CancellationTokenSource source)
    {
        if (taken == after)
        {
            source.Cancel();
        }
    }

    private static void AssertSameBytes(NamedTensors expected, NamedTensors actual) =>
        Assert.Equal(
            expected.Select(e => (e.Key, Convert.ToHexString(e.Value.Bytes))),
            actual.Select(e => (e.Key, Convert.ToHexString(e.Value.Bytes))));
}
