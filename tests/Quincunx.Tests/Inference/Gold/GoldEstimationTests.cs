using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Inference.Mechanisms;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Gold;

public sealed class GoldEstimationTests
{
    private const double Reference = 0;
    private static readonly Uniform Prior = new(-3, 3);
    private static readonly SupportBijection Bijection = new(Prior);
    private static readonly NeuralLikelihoodOptions Density = new();

    public static TheoryData<GoldLoss> Losses => [.. Enum.GetValues<GoldLoss>()];

    // x ~ N(theta, 5), so log r is linear in x: 0.2 (theta − reference) x and a constant. Its variance over the prior and the reference's x is 0.04 · 3 · 5 + 0.01 · 7.2 = 0.67, of which an error of 0.1 leaves 85 % explained.
    [Theory, MemberData(nameof(Losses)), Trait("Category", "Slow")]
    public void Ratio_OfTwoNormals_IsTheClosedForm(GoldLoss loss)
    {
        MinedSimulations simulations = Mined(2000, seed: 1);
        NreResult result = GoldRatioEstimation.Train(Bijection, simulations, 1, new GoldRatioOptions { Loss = loss }, GoldRatioEstimation.DefaultTraining, new Rng(2));
        Assert.True(Error(result.Ratio) < 0.1, $"{Error(result.Ratio):R}");
        Assert.False(result.Ratio.IsProperRatio);
    }

    [Fact, Trait("Category", "Slow")]
    public void Gold_OfFewRuns_IsWorthManyWithoutIt()
    {
        double Median(GoldLoss loss, int count) => ((ulong[])[1, 2, 3, 4, 5]).Select(seed => Error(GoldRatioEstimation.Train(
            Bijection, Mined(count, seed), 1, new GoldRatioOptions { Loss = loss }, GoldRatioEstimation.DefaultTraining, new Rng(seed)).Ratio)).Order().ElementAt(2);
        double plain = Median(GoldLoss.Carl, 2000);
        Assert.True(Median(GoldLoss.Alices, 200) < plain, $"{plain:R}");
    }

    [Fact, Trait("Category", "Slow")]
    public void TwoParameterForm_IsTheClosedFormBetweenAnyTwo()
    {
        MinedSimulations simulations = MinedSimulations.Between(new Miner(new TwoNormals()), Prior.Sample, 2000, new Rng(5));
        NeuralRatio ratio = GoldRatioEstimation.Train(Bijection, simulations, 1, new GoldRatioOptions(), GoldRatioEstimation.DefaultTraining, new Rng(6)).Ratio;
        Assert.True(Error(ratio, 1.5) < 0.1 && Error(ratio, -2) < 0.2, $"{Error(ratio, 1.5):R} {Error(ratio, -2):R}");
    }

    [Fact, Trait("Category", "Slow")]
    public void Scandal_IsADensity_AndItsScoreHelps()
    {
        MinedSimulations simulations = Mined(500, seed: 7);
        NeuralLikelihood with = GoldLikelihoodEstimation.Train(Bijection, simulations, 1, Density, 1, GoldLikelihoodEstimation.DefaultTraining, new Rng(8)).Likelihood;
        NeuralLikelihood without = NeuralLikelihoodEstimation.Train(
            Bijection, simulations.Thetas, simulations.Xs, 1, Density, GoldLikelihoodEstimation.DefaultTraining, new Rng(8)).Likelihood;
        Assert.True(Error(with) < 0.1 && Error(with) < Error(without), $"{Error(with):R} {Error(without):R}");
        double[] grid = [.. Enumerable.Range(0, 2001).Select(i => (i - 1000) * 0.02)], thetas = [.. grid.Select(_ => 1.0)], logs = new double[grid.Length];
        with.LogLikelihoodPairs(thetas, grid, logs);
        Assert.Equal(1, logs.Sum(log => Math.Exp(log) * 0.02), 5e-3);
    }

    [Fact, Trait("Category", "Slow")]
    public void Posterior_OfAGaltonBoard_IsTheExactOne()
    {
        var board = new GaltonBoard(10);
        var prior = new Uniform(0.05, 0.95);
        double[] draws = new double[4000];

        // snippet: mined-gold
        MinedSimulations simulations = MinedSimulations.Between(new Miner(board), prior.Sample, count: 2000, new Rng(9));
        NreResult result = GoldRatioEstimation.Train(
            new SupportBijection(prior), simulations, features: 1, new GoldRatioOptions { Loss = GoldLoss.Alices }, GoldRatioEstimation.DefaultTraining, new Rng(10));

        var posterior = new SampledPosterior(prior, result.Ratio);
        posterior.Sample([3], draws, new Rng(11));
        // end-snippet

        // The exact density on a grid.
        double[] grid = [.. Enumerable.Range(0, 9001).Select(i => 0.05 + (i * 1e-4))], weights = [.. grid.Select(t => Math.Exp(board.LogLikelihood([t], [3])))];
        double sum = weights.Sum(), mean = grid.Zip(weights, (t, w) => t * w).Sum() / sum, sd = Math.Sqrt(grid.Zip(weights, (t, w) => (t - mean) * (t - mean) * w).Sum() / sum);
        double found = draws.Average(), spread = Math.Sqrt(draws.Average(t => (t - found) * (t - found)));
        Assert.InRange(found, mean - (0.15 * sd), mean + (0.15 * sd));
        Assert.InRange(spread, 0.85 * sd, 1.15 * sd);
    }

    [Fact]
    public void Weights_IntoAnUntrainedNetwork_GiveTheSameNumbers()
    {
        NeuralRatio trained = GoldRatioEstimation.Train(
            Bijection, Mined(200, seed: 12), 1, new GoldRatioOptions(), GoldRatioEstimation.DefaultTraining with { MaxEpochs = 2 }, new Rng(13)).Ratio;
        NeuralRatio loaded = GoldRatioEstimation.Untrained(Bijection, 1, new GoldRatioOptions());
        StateFile.Carry(trained, loaded);
        double[] thetas = [-2.5, 0, 1, 2.9], before = new double[4], after = new double[4];
        trained.LogLikelihood([0.7], thetas, before);
        loaded.LogLikelihood([0.7], thetas, after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Training_Cancelled_EndsWithTheReason()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        NreResult result = GoldRatioEstimation.Train(
            Bijection, Mined(100, seed: 14), 1, new GoldRatioOptions(), GoldRatioEstimation.DefaultTraining, new Rng(15), cancel: source.Token);
        Assert.Equal(StopReason.Cancelled, result.Training.StopReason);
    }

    [Fact]
    public void ImpossibleRatios_AreLearnedFrom()
    {
        MinedSimulations simulations = Mined(100, seed: 16);
        double[] ratios = [.. simulations.LogRatios.Select((log, i) => i % 3 == 0 ? double.NegativeInfinity : log)];
        foreach (GoldLoss loss in Enum.GetValues<GoldLoss>())
        {
            NreResult result = GoldRatioEstimation.Train(
                Bijection, simulations with { LogRatios = ratios }, 1, new GoldRatioOptions { Loss = loss }, GoldRatioEstimation.DefaultTraining with { MaxEpochs = 3 }, new Rng(17));
            Assert.Equal(StopReason.MaxEpochs, result.Training.StopReason);
            Assert.True(double.IsFinite(Error(result.Ratio)));
        }
    }

    [Fact]
    public void Arguments_ThatAreWrong_Throw()
    {
        MinedSimulations good = Mined(20, seed: 18);
        MinedSimulations[] wrong =
        [
            good with { Xs = good.Xs[1..] }, good with { Others = [] }, good with { Scores = [] }, good with { Xs = [double.NaN, .. good.Xs[1..]] }, good with { Scores = [double.PositiveInfinity, .. good.Scores[1..]] },
            good with { LogRatios = [double.NaN, .. good.LogRatios[1..]] }, good with { LogRatios = [double.PositiveInfinity, .. good.LogRatios[1..]] }, good with { Thetas = [4, .. good.Thetas[1..]] },
        ];
        Assert.All(wrong, simulations =>
        {
            Assert.ThrowsAny<ArgumentException>(() => GoldRatioEstimation.Train(Bijection, simulations, 1, new GoldRatioOptions(), GoldRatioEstimation.DefaultTraining, new Rng(1)));
            Assert.ThrowsAny<ArgumentException>(() => GoldLikelihoodEstimation.Train(Bijection, simulations, 1, Density, 1, GoldLikelihoodEstimation.DefaultTraining, new Rng(1)));
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => GoldRatioEstimation.Untrained(Bijection, 1, new GoldRatioOptions { Loss = (GoldLoss)9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => GoldRatioEstimation.Untrained(Bijection, 1, new GoldRatioOptions { ScoreWeight = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => GoldLikelihoodEstimation.Train(Bijection, good, 1, Density, -1, GoldLikelihoodEstimation.DefaultTraining, new Rng(1)));
    }

    private static MinedSimulations Mined(int count, ulong seed) => MinedSimulations.Against(new Miner(new TwoNormals()), Prior.Sample, [Reference], count, new Rng(seed));

    // Mean squared error of log p(x | theta) − log p(x | reference) over the prior and the reference's x.
    private static double Error(ILikelihoodEstimator learned, double reference = Reference)
    {
        const int Count = 500;
        var rng = new Rng(99);
        double sum = 0;
        Span<double> logs = stackalloc double[2], theta = stackalloc double[2];
        for (int i = 0; i < Count; i++)
        {
            (theta[0], theta[1]) = ((6 * rng.NextDouble()) - 3, reference);
            double x = reference + (Math.Sqrt(5) * rng.NextNormal());
            learned.LogLikelihood([x], theta, logs);
            double error = logs[0] - logs[1] - (0.1 * (((x - reference) * (x - reference)) - ((x - theta[0]) * (x - theta[0]))));
            sum += error * error;
        }

        return sum / Count;
    }
}
