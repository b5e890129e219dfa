using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Gold;

public sealed class GoldScoreTests
{
    private const int Trained = 4000;
    private static readonly double[] Reference = [0.5, -1];
    private static readonly GoldScoreOptions Options = new() { Hidden = [32] };
    private static readonly TrainingOptions Short = GoldScoreEstimation.DefaultTraining with { MaxEpochs = 20 };
    private static readonly Lazy<GoldScoreResult> Learned = new(() => GoldScoreEstimation.Train(At(Trained, 1), Reference, 2, Options, Short, new Rng(2)));
    private static readonly Lazy<LocalScoreModel> Local = new(() => LocalScoreModel.Fit(Learned.Value.Score, At(20_000, 3)));

    // Joint scores have variance 1 and 1/4 and those of x 5/9 and 2/9: noise of 4/9 and 1/36 over 4,000 events and some tens of weights leaves about a hundredth of the variance.
    [Fact, Trait("Category", "Slow")]
    public void Score_OfTwoSums_IsTheClosedForm()
    {
        MinedSimulations events = At(2000, 4);
        double[] found = new double[events.Scores.Length], errors = new double[2];
        Learned.Value.Score.Evaluate(events.Xs, found);
        for (int i = 0; i < found.Length; i++)
        {
            errors[i % 2] += Math.Pow(found[i] - TwoSums.Score(Reference, events.Xs[(i / 2 * 2)..((i / 2 * 2) + 2)])[i % 2], 2) / events.Count / TwoSums.Information[i % 2, i % 2];
        }

        Assert.All(errors, e => Assert.True(e < 0.03, $"{e:R}"));
        Assert.Null(Learned.Value.Advice);
        Assert.Equal(Reference, Learned.Value.Score.Reference);
        Assert.Equal(StopReason.MaxEpochs, Learned.Value.Training.StopReason);
    }

    [Fact, Trait("Category", "Slow")]
    public void Information_OfTheLearnedScore_IsBelowTheExactAndNearIt()
    {
        FisherInformation found = Local.Value.Information;
        var exact = new FisherInformation([.. TwoSums.Information.Enumerate()], new double[4], 0);
        for (int i = 0; i < 2; i++)
        {
            // 4.5 standard errors, and what the learned score's error may cost.
            Assert.InRange(found.Given(i)[0, 0], (0.97 * exact[i, i]) - (4.5 * found.StandardError(i, i)), exact[i, i] + (4.5 * found.StandardError(i, i)));
            Assert.InRange(found.Profiled(i)[0, 0] / exact.Profiled(i)[0, 0], 0.9, 1.1);
            Assert.InRange(Local.Value.Claimed[i, i] / exact[i, i], 0.9, 1.1);
            Assert.InRange(found.StandardError(i, i), 1e-4, 0.05);
        }
    }

    // A hundred data sets of 400 events, at a theta that is 0.1 standard deviations of one event away: means within 4.5 standard errors, spreads as stated (4.5 · √(1/200) = 0.32, of the variance 0.64).
    [Fact, Trait("Category", "Slow")]
    public void Estimate_OfManyDataSets_HasTheStatedMeanAndSpread()
    {
        const int Sets = 100, Events = 400;
        double[] theta = [Reference[0] + 0.1, Reference[1] - 0.1];
        MinedSimulations all = MinedSimulations.At(new Miner(new TwoSums()), theta, Sets * Events, new Rng(5));
        LocalEstimate[] found = [.. Enumerable.Range(0, Sets).Select(s => Local.Value.Estimate(all.Xs.AsSpan(2 * s * Events, 2 * Events)))];
        for (int j = 0; j < 2; j++)
        {
            double variance = found[0].Covariance[3 * j], mean = found.Average(e => e.Theta[j]), spread = found.Average(e => Math.Pow(e.Theta[j] - theta[j], 2));
            Assert.Equal(theta[j], mean, (4.5 * Math.Sqrt(variance / Sets)) + 0.01);
            Assert.InRange(spread / variance, 1 - 0.64, 1 + 0.64);
        }

        Assert.Equal(Events, found[0].Events);
        Assert.Null(Local.Value.Estimate(all.Xs).Advice);
        LocalEstimate far = Local.Value.Estimate([Reference[0] + 2, 3 + Reference[0] + Reference[1]]);
        Assert.False(far.IsLocal);
        Assert.Contains("Simulate at the estimate", far.Advice, StringComparison.Ordinal);
    }

    // log r is linear in x here, so one number is enough. Its variance at the reference is δᵀ I δ = 0.33. Counts of 10,000 events in m cells leave 2 m / 10,000 of it, 0.006 and 0.03, the widths of 30 and 12 bins a hundredth and five.
    [Fact, Trait("Category", "Slow")]
    public void LogRatio_OfBoth_IsTheClosedForm()
    {
        double[] theta = [Reference[0] + 0.8, Reference[1] - 0.6];
        double[] references = At(10_000, 6).Xs, xs = MinedSimulations.At(new Miner(new TwoSums()), theta, 10_000, new Rng(7)).Xs, tests = At(2000, 8).Xs, logs = new double[2000];
        double variance = Math.Pow(new FisherInformation([.. TwoSums.Information.Enumerate()], new double[4], 0).Distance(theta, Reference), 2);
        foreach (LocalRatio ratio in (LocalRatio[])[LocalRatio.Sallino(Learned.Value.Score, theta, xs, references, bins: 30), LocalRatio.Sally(Learned.Value.Score, theta, xs, references, bins: 12)])
        {
            ratio.LogRatio(tests, logs);
            double error = Enumerable.Range(0, 2000).Average(i => Math.Pow(logs[i] - TwoSums.LogRatio(theta, Reference, tests[(2 * i)..((2 * i) + 2)]), 2));
            Assert.True(error < (ratio.Cells == 30 ? 0.1 : 0.2) * variance, $"{error / variance:R} with {ratio.Cells} cells");
            Assert.Equal(theta, ratio.Theta);
        }

        Assert.Equal(30, LocalRatio.Sallino(Learned.Value.Score, theta, xs, references, bins: 30).Cells);
        Assert.Equal(144, LocalRatio.Sally(Learned.Value.Score, theta, xs, references, bins: 12).Cells);
    }

    [Fact]
    public void Weights_IntoAnUntrainedNetwork_GiveTheSameNumbers()
    {
        MinedSimulations events = At(200, 9);
        NeuralScore trained = GoldScoreEstimation.Train(events, Reference, 2, Options, Short with { MaxEpochs = 2 }, new Rng(10)).Score;
        NeuralScore loaded = GoldScoreEstimation.Untrained(2, 2, Options);
        StateFile.Carry(trained, loaded);
        double[] before = new double[400], after = new double[400];
        trained.Evaluate(events.Xs, before);
        loaded.Evaluate(events.Xs, after);
        Assert.Equal(before, after);
        Assert.Equal(Reference, loaded.Reference);

        // Centred at the events it was trained on.
        Assert.Equal(0, before.Average(), 1e-12);
    }

    [Fact]
    public void Training_Cancelled_EndsWithTheReason()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        GoldScoreResult result = GoldScoreEstimation.Train(At(100, 11), Reference, 2, Options, Short, new Rng(12), cancel: source.Token);
        Assert.Equal(StopReason.Cancelled, result.Training.StopReason);
    }

    // Events of another theta that pass for ones of the reference: 300 of them at half a standard deviation are seen at 8 standard errors.
    [Fact]
    public void ScoresWhoseMeanIsNotZero_AreNamed()
    {
        MinedSimulations events = At(300, 13);
        MinedSimulations shifted = events with { Scores = [.. events.Scores.Select((t, i) => i % 2 == 1 ? t + 0.25 : t)] };
        GoldScoreResult result = GoldScoreEstimation.Train(shifted, Reference, 2, Options, Short with { MaxEpochs = 1 }, new Rng(14));
        Assert.Contains("parameter 1", result.Advice, StringComparison.Ordinal);
        Assert.InRange(Math.Abs(result.Means[0].Deviation), 0, 4.5);
    }

    [Fact]
    public void Arguments_ThatAreWrong_Throw()
    {
        MinedSimulations good = At(100, 15);
        NeuralScore score = GoldScoreEstimation.Untrained(2, 2, Options);
        MinedSimulations[] wrong =
        [
            good with { Xs = good.Xs[1..] }, good with { Scores = [] }, good with { Xs = [double.NaN, .. good.Xs[1..]] }, good with { Scores = [double.NaN, .. good.Scores[1..]] }, good with { Thetas = [0.6, .. good.Thetas[1..]] },
        ];
        Assert.All(wrong, events =>
        {
            Assert.ThrowsAny<ArgumentException>(() => GoldScoreEstimation.Train(events, Reference, 2, Options, Short, new Rng(1)));
            Assert.ThrowsAny<ArgumentException>(() => LocalScoreModel.Fit(score, events));
        });
        Assert.ThrowsAny<ArgumentException>(() => GoldScoreEstimation.Train(good, [0, 0], 2, Options, Short, new Rng(1)));
        Assert.ThrowsAny<ArgumentException>(() => GoldScoreEstimation.Train(good, [], 2, Options, Short, new Rng(1)));
        Assert.ThrowsAny<ArgumentException>(() => GoldScoreEstimation.Untrained(2, 2, new GoldScoreOptions { Hidden = [0] }));
        Assert.ThrowsAny<ArgumentException>(() => score.Evaluate([1, double.NaN], new double[2]));
        Assert.ThrowsAny<ArgumentException>(() => score.Evaluate([1, 2, 3], new double[2]));
        Assert.ThrowsAny<ArgumentException>(() => MinedSimulations.At(new Miner(new TwoSums()), [0], 10, new Rng(1)));
        Assert.ThrowsAny<ArgumentException>(() => LocalRatio.Sallino(score, [0, 0], good.Xs, good.Xs));
        Assert.ThrowsAny<ArgumentException>(() => LocalRatio.Sallino(score, [1, 1], [], good.Xs));
        Assert.ThrowsAny<ArgumentException>(() => LocalRatio.Sally(score, [1], good.Xs, good.Xs));
        Assert.ThrowsAny<ArgumentException>(() => LocalRatio.Sallino(score, [1, 1], good.Xs, good.Xs).LogRatio([1], new double[1]));
    }

    private static MinedSimulations At(int count, ulong seed) => MinedSimulations.At(new Miner(new TwoSums()), Reference, count, new Rng(seed));
}
