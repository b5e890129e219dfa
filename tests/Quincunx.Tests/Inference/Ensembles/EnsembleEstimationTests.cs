using System.Collections.Concurrent;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Npe;
using Quincunx.Tests.Inference.Training;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Ensembles;

public sealed class EnsembleEstimationTests(ITestOutputHelper output)
{
    private static readonly TrainingOptions Short = new() { MaxEpochs = 20, LearningRate = 3e-3, Schedule = RateSchedule.Cosine, AverageDecay = 0.98 };

    [Theory]
    [InlineData("gaussian-linear", EnsembleVariety.Bootstrapped)]
    [InlineData("galton-board", EnsembleVariety.Reseeded)]
    public void Train_OnAnExactProblem_FindsThePosterior(string name, EnsembleVariety variety)
    {
        PosteriorCase problem = PosteriorCases.Of(name);
        EnsembleResult result = Train(problem, 10_000, Options(problem, variety), Short with { MaxEpochs = 25 });
        Assert.Equal(StopReason.MaxEpochs, result.StopReason);
        Assert.Empty(result.Warnings);
        EstimatorChecks.AssertIsPosterior(result.Posterior, problem, output);
    }

    [Fact]
    public void Train_WithAnyNumberOfThreads_GivesTheSameBytes()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        TrainingOptions few = Short with { MaxEpochs = 2 };
        byte[][] weights = [.. new[] { 1, 3 }.Select(threads => Bytes(Train(problem, 400, Options(problem), few with { Threads = threads }).Posterior))];
        Assert.Equal(weights[0], weights[1]);

        // A smaller ensemble is the beginning of a larger one.
        PosteriorEnsemble two = Train(problem, 400, Options(problem) with { Members = 2 }, few).Posterior, three = Train(problem, 400, Options(problem), few).Posterior;
        Assert.Equal(Bytes((NeuralPosterior)two.Members[1]), Bytes((NeuralPosterior)three.Members[1]));
        Assert.NotEqual(Bytes((NeuralPosterior)three.Members[0]), Bytes((NeuralPosterior)three.Members[1]));
    }

    [Theory]
    [InlineData(EnsembleVariety.Bootstrapped)]
    [InlineData(EnsembleVariety.Reseeded)]
    public void Train_GivesEachMemberTheBytesOfTrainingItAlone(EnsembleVariety variety)
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        TrainingOptions few = Short with { MaxEpochs = 3, BatchSize = 50, Threads = 2 }, each = few with { Threads = 1, Chunks = 1 };
        (double[] thetas, double[] xs) = problem.Draw(400, new Rng(41));
        PosteriorEnsemble together = EnsembleEstimation.Train(new SupportBijection(problem.Prior), thetas, xs, problem.Features, Options(problem, variety), few, new Rng(42)).Posterior;
        for (int i = 0; i < 3; i++)
        {
            Rng own = new Rng(42).Split(i);
            PosteriorCoordinates scales = PosteriorCoordinates.Fit(new SupportBijection(problem.Prior), thetas, xs, problem.Features);
            var alone = new NeuralPosterior(new SupportBijection(problem.Prior), scales.Theta, scales.X, problem.Network, own.Split("weights"));
            ScaledPairs pairs = scales.Pairs(thetas, xs);
            (EnsembleTask task, TrainingOptions options) = variety == EnsembleVariety.Bootstrapped
                ? EnsembleTask.Bootstrap(alone, pairs, each, own.Split("bootstrap"), own.Split("training"))
                : (EnsembleTask.Whole(alone, pairs), each);
            Trainer.Run(task, options, own.Split("training"));
            Assert.Equal(Bytes(alone), Bytes((NeuralPosterior)together.Members[i]));
        }
    }

    // Members of unlike batches, that end at unlike times, on one thread and on several.
    [Theory]
    [InlineData(EnsembleVariety.Bootstrapped, 0)]
    [InlineData(EnsembleVariety.Reseeded, 0)]
    [InlineData(EnsembleVariety.Reseeded, 0.3)]
    public void Train_Batched_GivesTheBytesOfMembersInTurn(EnsembleVariety variety, double dropout)
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        EnsembleOptions options = Options(problem, variety) with { Members = 5 };
        TrainingOptions training = Short with { MaxEpochs = 12, BatchSize = 50, LearningRate = 0.03, Patience = 2, Dropout = dropout, Threads = 2 };
        EnsembleResult inTurn = Train(problem, 400, options, training);
        Assert.True(inTurn.Members.Select(m => m.Training.Steps).Distinct().Count() > 1, "all end at once");
        foreach (int threads in (int[])[1, 2, 3])
        {
            EnsembleResult batched = Train(problem, 400, options with { Batched = true }, training with { Threads = threads });
            Assert.Equal(Bytes(inTurn.Posterior), Bytes(batched.Posterior));
            Assert.Equal(inTurn.Members.Select(m => m.Training.History), batched.Members.Select(m => m.Training.History));
            Assert.Equal(inTurn.Members.Select(m => m.Training.Replays), batched.Members.Select(m => m.Training.Replays));
        }
    }

    [Fact]
    public void Train_Batched_IsOneRecordingForAllMembers()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        (double[] thetas, double[] xs) = problem.Draw(400, new Rng(41));
        PosteriorCoordinates scales = PosteriorCoordinates.Fit(new SupportBijection(problem.Prior), thetas, xs, problem.Features);
        TrainingOptions options = Short with { BatchSize = 50, Threads = 1, Chunks = 1 };
        TrainingRun[] runs = [.. Enumerable.Range(0, 3).Select(i => new TrainingRun(
            EnsembleTask.Whole(new NeuralPosterior(new SupportBijection(problem.Prior), scales.Theta, scales.X, problem.Network, new Rng(42).Split(i)), scales.Pairs(thetas, xs)), options, new Rng(43).Split(i)))];
        var step = new JointStep(runs);
        for (int i = 0; i < 20; i++)
        {
            Assert.All(runs, run => Assert.Null(run.Next(progress: null, checkpoints: null, CancellationToken.None)));
            step.Run();
            Assert.All(runs, run => Assert.Null(run.Settle(progress: null, checkpoints: null, CancellationToken.None)));
        }

        Assert.Equal(20, step.Replays);
        Array.ForEach(runs, run => run.Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(31)]
    public void WholeTask_LossOfABatch_IsThatOfTheNetworkAlone(int rows)
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        (double[] thetas, double[] xs) = problem.Draw(100, new Rng(41));
        PosteriorCoordinates scales = PosteriorCoordinates.Fit(new SupportBijection(problem.Prior), thetas, xs, 2);
        var posterior = new NeuralPosterior(new SupportBijection(problem.Prior), scales.Theta, scales.X, problem.Network, new Rng(1));
        using var plain = new TrainingStep(new NpeTask(posterior, thetas, xs), new TrainingOptions { Chunks = 1, Threads = 1 });
        using var padded = new TrainingStep(EnsembleTask.Whole(posterior, scales.Pairs(thetas, xs)), new TrainingOptions { Chunks = 1, Threads = 1 });
        int[] batch = new Rng(3).Permutation(100)[..rows];
        StepOutcome expected = plain.Run(batch, new Rng(4), 1e-30), found = padded.Run(batch, new Rng(4), 1e-30);
        Assert.Null(padded.Obstacle);
        Assert.Equal(expected.Loss, found.Loss, 1e-5);
        foreach ((Quincunx.Numerics.Tensors.Tensor e, Quincunx.Numerics.Tensors.Tensor f) in plain.Gradient.Values.Zip(padded.Gradient.Values))
        {
            Assert.Equal(e.ToArray(), f.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-5 * (1 + Math.Abs(a)));
        }
    }

    [Fact]
    public void Train_Bootstrapped_TakesTheStepsOfTheWholeOnItsDistinctRows()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        const int Rows = 2000, HeldOut = 200;
        ConcurrentBag<EnsembleProgress> told = [];
        TrainingOptions training = Short with { MaxEpochs = 2, BatchSize = 50 };
        (double[] thetas, double[] xs) = problem.Draw(Rows, new Rng(41));
        EnsembleResult result = EnsembleEstimation.Train(new SupportBijection(problem.Prior), thetas, xs, problem.Features, Options(problem), training, new Rng(42), new Told(told));
        Assert.Equal(3 * 2, told.Count);
        Assert.All(result.Members, member =>
        {
            // Distinct of n draws among n: a share 1 - 1/e, with a standard deviation of √(n (e⁻¹ - 2 e⁻²)) = 0.31 √n. Six of them.
            int n = Rows - HeldOut;
            Assert.Equal(HeldOut, member.Training.ValidationRows);
            Assert.Equal(n * (1 - Math.Exp(-1)), member.Training.TrainingRows, 6 * 0.31 * Math.Sqrt(n));
            Assert.Equal(2.0 * n / 50, member.Training.Steps, 4.0);      // two epochs, each within two: batches of whole rows
            Assert.Equal(0, member.Training.SkippedSteps);
            Assert.True(member.Training.Replays > 0.9 * member.Training.Steps);
        });
        Assert.True(result.Members.Select(m => m.Training.TrainingRows).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(1000, 100)]
    [InlineData(6000, 75)]
    [InlineData(10_000, 45)]
    [InlineData(1_000_000, 45)]
    public void DefaultTraining_OfMoreSimulations_HasFewerPasses(int simulations, int passes)
    {
        TrainingOptions training = EnsembleEstimation.DefaultTraining(simulations);
        Assert.Equal(passes, training.MaxEpochs);
        Assert.Equal(passes, training.Patience);
        Assert.Throws<ArgumentOutOfRangeException>(() => EnsembleEstimation.DefaultTraining(0));
    }

    [Fact]
    public void BootstrapTask_WeightsRowsByHowOftenTheyWereDrawn()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        const int Rows = 300;
        (double[] thetas, double[] xs) = problem.Draw(Rows, new Rng(41));
        PosteriorCoordinates scales = PosteriorCoordinates.Fit(new SupportBijection(problem.Prior), thetas, xs, 2);
        var posterior = new NeuralPosterior(new SupportBijection(problem.Prior), scales.Theta, scales.X, problem.Network, new Rng(1));
        TrainingOptions training = Short with { BatchSize = 30 };
        (EnsembleTask task, TrainingOptions own) = EnsembleTask.Bootstrap(posterior, scales.Pairs(thetas, xs), training, new Rng(2), new Rng(3));
        var plan = new EpochPlan(task.Count, own.ValidationFraction, own.BatchSize, new Rng(3));
        using var scope = new Quincunx.Numerics.Tensors.TensorScope();

        // Times that rows were drawn are whole numbers, of as many draws as there are rows to draw from; none of them is held out.
        int[] heldOut = plan.HeldOut(CancellationToken.None).ToArray();
        double[] times = [.. plan.Training.Select(row => task.Weights[row] * 270.0 / plan.TrainingRows)];
        Assert.Equal(30, heldOut.Length);
        Assert.All(times, t => Assert.Equal(Math.Round(t), t, 1e-5));
        Assert.All(times, t => Assert.InRange(t, 0.99, 10));
        Assert.Equal(270, times.Sum(), 1e-3);
        Assert.All(heldOut, row => Assert.Equal(1, task.Weights[row]));
        Assert.Equal(task.Count, task.Rows.Distinct().Count());

        // The loss is that of the pairs themselves by these weights, for training and for validation.
        var plain = new NpeTask(posterior, thetas, xs);
        foreach (int[] rows in new[] { plan.Training, heldOut })
        {
            double expected = rows.Sum(row => task.Weights[row] * plain.Loss([task.Rows[row]], Mode.Evaluation, new Rng(1)).ToScalar());
            Assert.Equal(expected, task.Loss(rows, Mode.Evaluation, new Rng(1)).ToScalar(), 1e-3);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_WhereMembersDiverge_LeavesThemOutAndSaysSo(bool batched)
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        EnsembleResult result = Train(problem, 200, Options(problem) with { Batched = batched }, Short with { MaxEpochs = 3, LearningRate = 1e30, MaxSkippedSteps = 2, ClipNorm = double.PositiveInfinity });
        Assert.Equal(StopReason.Diverged, result.StopReason);
        Assert.All(result.Members, m => Assert.False(m.IsUsed));
        Assert.Empty(result.Posterior.Used);
        Assert.Contains("0, 1, 2 of 3", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Cancelled_ReturnsWhatThereIs()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        (double[] thetas, double[] xs) = problem.Draw(400, new Rng(41));
        using var cancel = new CancellationTokenSource();
        EnsembleResult result = EnsembleEstimation.Train(
            new SupportBijection(problem.Prior), thetas, xs, problem.Features, Options(problem), Short with { Threads = 1 }, new Rng(42), new Cancelling(cancel), cancel: cancel.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Single(result.Posterior.Used);
        Assert.Contains("3 of 3", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    // Killed three times, after epochs and inside of one, with other numbers of threads, in batched steps and in turn; what the last save has is all that is left.
    [Theory]
    [InlineData(EnsembleVariety.Bootstrapped, false)]
    [InlineData(EnsembleVariety.Reseeded, false)]
    [InlineData(EnsembleVariety.Bootstrapped, true)]
    [InlineData(EnsembleVariety.Reseeded, true)]
    public void Train_Interrupted_EndsInTheSameBytes(EnsembleVariety variety, bool batched)
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        TrainingOptions training = Short with { MaxEpochs = 6, BatchSize = 50 };
        (double[] thetas, double[] xs) = problem.Draw(600, new Rng(41));
        EnsembleResult Run(TrainingOptions how, MemoryCheckpoints? checkpoints, CancellationToken cancel = default, bool together = false) => EnsembleEstimation.Train(
            new SupportBijection(problem.Prior), thetas, xs, problem.Features, Options(problem, variety) with { Batched = together }, how, new Rng(42), checkpoints: checkpoints, cancel: cancel);
        EnsembleResult whole = Run(training, checkpoints: null);
        Quincunx.Numerics.Tensors.NamedTensors? state = null;
        foreach ((int threads, int steps, bool together) in ((int, int, bool)[])[(1, 40, batched), (3, 50, false), (2, 40, batched)])
        {
            using var killed = new CancellationTokenSource();
            var kept = new MemoryCheckpoints { State = state, Steps = 7, Dead = killed.Token, Stepped = taken => Array.ForEach(taken >= steps ? [killed] : Array.Empty<CancellationTokenSource>(), k => k.Cancel()) };
            Assert.Equal(StopReason.Cancelled, Run(training with { Threads = threads }, kept, killed.Token, together).StopReason);
            Assert.NotEqual(state, kept.State);
            state = kept.State;
        }

        EnsembleResult resumed = Run(training, new MemoryCheckpoints { State = state }, together: batched);
        Assert.Equal(Bytes(whole.Posterior), Bytes(resumed.Posterior));
        Assert.Equal(whole.Members.Select(m => m.Training.History), resumed.Members.Select(m => m.Training.History));

        // Cancelled training keeps its state, and that of a finished one ends at once.
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var early = new MemoryCheckpoints(every: 100);
        Run(training, early, cancelled.Token);
        Assert.NotNull(early.State);
        var end = new MemoryCheckpoints { State = early.State };
        Assert.Equal(Bytes(whole.Posterior), Bytes(Run(training, end).Posterior));
        Assert.Equal(Bytes(whole.Posterior), Bytes(Run(training, new MemoryCheckpoints { State = end.State, Stepped = _ => Assert.Fail("it trains on") }).Posterior));
    }

    [Fact]
    public void State_OfATrainedEnsemble_GivesTheSameNumbers()
    {
        PosteriorCase problem = PosteriorCases.Of("gaussian-linear");
        EnsembleResult result = Train(problem, 200, Options(problem), Short with { MaxEpochs = 1 });
        EstimatorChecks.AssertStateCarriesAll(result.Posterior, EnsembleEstimation.Untrained(new SupportBijection(problem.Prior), problem.Features, Options(problem)), [0.3, -0.2]);
    }

    [Fact]
    public void Page_Example_CoversTheExactPosterior()
    {
        IDistribution prior = new Uniform(0, 1);
        (double[] thetas, double[] xs) = PosteriorCases.Of("galton-board").Draw(2000, new Rng(5));
        // snippet: ensembles
        EnsembleResult result = EnsembleEstimation.Train(
            new SupportBijection(prior), thetas, xs, features: 1, new EnsembleOptions { Members = 5 }, EnsembleEstimation.DefaultTraining(simulations: 2000), new Rng(seed: 1));

        PosteriorEnsemble posterior = result.Posterior;
        EnsembleInterval interval = posterior.Intervals(x: [3], level: 0.9, new Rng(seed: 2))[0];
        // end-snippet

        // Beta(4, 18), of mean 2 / 11 and standard deviation 0.0804: members differ, and the mixture is not far from it.
        Assert.Equal(5, posterior.Used.Count);
        Assert.Equal(2 / 11.0, interval.Mean, 0.3 * 0.0804);
        Assert.InRange(interval.MeanSpread, 1e-4, 0.5 * 0.0804);
        Assert.InRange(interval.StandardDeviation / 0.0804, 0.8, 1.3);
        Assert.InRange(interval.LowestLower, 0, interval.Lower);
    }

    private static EnsembleOptions Options(PosteriorCase problem, EnsembleVariety variety = EnsembleVariety.Bootstrapped) => new() { Members = 3, Variety = variety, Network = problem.Network };

    private static EnsembleResult Train(PosteriorCase problem, int simulations, EnsembleOptions options, TrainingOptions training)
    {
        (double[] thetas, double[] xs) = problem.Draw(simulations, new Rng(41));
        return EnsembleEstimation.Train(new SupportBijection(problem.Prior), thetas, xs, problem.Features, options, training, new Rng(42));
    }

    private static byte[] Bytes(IModule module) => [.. ModuleState.Export(module).SelectMany(t => t.Value.ToArray()).SelectMany(BitConverter.GetBytes)];

    private sealed class Told(ConcurrentBag<EnsembleProgress> bag) : IProgress<EnsembleProgress>
    {
        public void Report(EnsembleProgress value) => bag.Add(value);
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<EnsembleProgress>
    {
        public void Report(EnsembleProgress value) => source.Cancel();
    }
}
