using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Training;

public sealed class TrainerTests
{
    [Fact]
    public void Run_OnLinearRegression_FindsTheLeastSquaresSolution()
    {
        var task = new RegressionTask(300);
        var options = new TrainingOptions
        {
            ValidationFraction = 0,
            BatchSize = 300,
            LearningRate = 0.05,
            Schedule = RateSchedule.Cosine,
            MaxEpochs = 1500,
            Patience = 1500,
        };

        TrainingResult result = Trainer.Run(task, options, new Rng(1));

        Matrix<double> x = Matrix<double>.Build.Dense(300, 4, (i, j) => j == 3 ? 1 : task.X[(i * 3) + j]);
        Vector<double> exact = x.QR().Solve(Vector<double>.Build.Dense(task.Y));
        double[] found = [.. task.Layer.Weight.Value.ToArray(), .. task.Layer.Bias.Value.ToArray()];
        Assert.Equal(exact, found, (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal(StopReason.MaxEpochs, result.StopReason);
        Assert.Equal((300, 0, 1500), (result.TrainingRows, result.ValidationRows, result.Steps));
        double residual = (Vector<double>.Build.Dense(task.Y) - (x * exact)).L2Norm();
        Assert.Equal(residual * residual / 300, result.BestValidationLoss, 1e-12);
    }

    [Fact]
    public void Run_WhenValidationTurns_RestoresTheBestWeightsAndReportsConvergence()
    {
        var task = new ScalarTask((_, mode) => mode == Mode.Training ? 1 : 0.3);
        var options = new TrainingOptions { LearningRate = 0.01, Patience = 7, BatchSize = 20 };

        TrainingResult result = Trainer.Run(task, options, new Rng(1));

        TrainingEpoch best = result.History.MinBy(e => e.ValidationLoss)!;
        Assert.Equal(StopReason.Converged, result.StopReason);
        Assert.Equal((best.Epoch, best.ValidationLoss), (result.BestEpoch, result.BestValidationLoss));
        Assert.Equal(result.BestEpoch + 7, result.History[^1].Epoch);
        Assert.InRange(result.BestEpoch, 5, 60);
        Assert.Equal(best.ValidationLoss, (task.Weight - 0.3) * (task.Weight - 0.3), 1e-15);
        Assert.True(result.History[^1].ValidationLoss > best.ValidationLoss);
    }

    [Fact]
    public void Run_WhenTheLossTurnsNaN_StopsAsDivergedWithTheBestWeights()
    {
        var task = new ScalarTask((epoch, mode) => epoch >= 3 && mode == Mode.Training ? double.NaN : 1);
        TrainingResult result = Trainer.Run(task, new TrainingOptions { MaxSkippedSteps = 4, BatchSize = 20 }, new Rng(1));

        Assert.Equal(StopReason.Diverged, result.StopReason);
        Assert.Equal((3, 4), (result.Steps, result.SkippedSteps));
        Assert.Equal(2, result.BestEpoch);
        Assert.True(double.IsNaN(result.History[^1].TrainingLoss));
        Assert.Equal(result.BestValidationLoss, (task.Weight - 1) * (task.Weight - 1), 1e-15);
    }

    [Fact]
    public void Run_WhenNothingIsEverFinite_StopsAsDivergedWithTheFirstWeights()
    {
        var task = new ScalarTask((_, _) => double.NaN);
        TrainingResult result = Trainer.Run(task, new TrainingOptions(), new Rng(1));

        Assert.Equal((StopReason.Diverged, -1, 0), (result.StopReason, result.BestEpoch, task.Weight));
        Assert.Equal(double.PositiveInfinity, result.BestValidationLoss);
    }

    [Fact]
    public void Run_WhenTheLossExplodes_StopsAsDiverged()
    {
        var task = new ScalarTask((epoch, mode) => mode == Mode.Training ? Math.Pow(100, epoch) : 1);
        TrainingResult result = Trainer.Run(task, new TrainingOptions { ExplosionFactor = 1e6 }, new Rng(1));

        // About 10⁴ᵉ in epoch e against 1 + 10⁶ (1 + 1): beyond it in epoch 2.
        Assert.Equal(StopReason.Diverged, result.StopReason);
        Assert.Equal(3, result.History.Count);
        Assert.Equal(0, result.SkippedSteps);
    }

    [Fact]
    public void Run_WithABrokenRow_SkipsItsBatchesAndCountsThem()
    {
        var task = new RegressionTask(200);
        var options = new TrainingOptions { BatchSize = 40, ValidationFraction = 0, MaxEpochs = 6, LearningRate = 0.01 };
        task.Broken.Add(17);

        TrainingResult result = Trainer.Run(task, options, new Rng(1));

        Assert.Equal((StopReason.MaxEpochs, 24, 6), (result.StopReason, result.Steps, result.SkippedSteps));
        Assert.All(result.History, e => Assert.Equal(1, e.Skipped));
        Assert.All(task.Layer.Weight.Value.ToArray(), w => Assert.True(double.IsFinite(w)));
    }

    [Fact]
    public void Run_WithAStepBudget_TakesExactlyThatMany()
    {
        TrainingResult result = Trainer.Run(new RegressionTask(1000), new TrainingOptions { BatchSize = 100, MaxSteps = 13 }, new Rng(1));

        Assert.Equal((StopReason.BudgetSteps, 13), (result.StopReason, result.Steps));
        Assert.Equal([9, 13], result.History.Select(e => e.Steps));
    }

    [Fact]
    public void Run_Cancelled_ReturnsTheBestSoFar()
    {
        using var source = new CancellationTokenSource();
        var task = new RegressionTask(500);
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Latest.Epoch == 3)
            {
                source.Cancel();
            }
        });

        TrainingResult result = Trainer.Run(task, new TrainingOptions { LearningRate = 0.01 }, new Rng(1), progress, cancel: source.Token);

        Assert.Equal((StopReason.Cancelled, 4), (result.StopReason, result.History.Count));
        Assert.Equal(3, result.BestEpoch);
    }

    [Fact]
    public void Run_OnDataThatIsTooLittle_Throws()
    {
        Assert.Throws<ArgumentException>(() => Trainer.Run(new RegressionTask(1), new TrainingOptions(), new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Run(new RegressionTask(9), new TrainingOptions { ClipNorm = double.NaN }, new Rng(1)));
    }

    [Fact]
    public void Run_OfATaskThatThrows_PassesItsExceptionOn()
    {
        var options = new TrainingOptions { Threads = 2, Chunks = 2, MinimumChunkRows = 1, BatchSize = 20 };
        var task = new ScalarTask((_, _) => throw new InvalidOperationException("from the task"));

        Assert.Equal("from the task", Assert.Throws<InvalidOperationException>(() => Trainer.Run(task, options, new Rng(1))).Message);
    }

    [Fact]
    public void Run_Finished_HasReturnedEveryBuffer()
    {
        int before = TensorScope.OutstandingBuffers;
        Trainer.Run(new RegressionTask(500), new TrainingOptions { MaxEpochs = 2 }, new Rng(1));

        Assert.Equal(before, TensorScope.OutstandingBuffers);
    }
}
