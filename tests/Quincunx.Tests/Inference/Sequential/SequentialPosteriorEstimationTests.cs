using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Sequential;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Sequential;

public sealed class SequentialPosteriorEstimationTests(ITestOutputHelper output)
{
    // theta ~ N(0, 1) and x = theta + 0.5 e, so p(theta | x) = N(0.8 x, 0.2).
    private static readonly double[] Observed = [1.5];
    private static readonly double Mean = 1.2, Sd = Math.Sqrt(0.2);

    [Fact]
    public void Train_OnAProposalFarFromThePrior_FindsThePosteriorUnderThePrior()
    {
        // Under the proposal N(2, 0.4²) in the prior's place the answer would be N(2 + 0.39 (x - 2), 0.0976): a mean of 1.80, 1.3 posterior sds off.
        SimulationPairs first = Pairs(0, 1, 500, 1), second = Pairs(2, 0.4, 3000, 2);
        NeuralPosterior atomic = Train([first, second], new SequentialNpeOptions { Network = Small }).Posterior;
        (double mean, double sd) = Moments(atomic);
        output.WriteLine($"atomic: {(mean - Mean) / Sd:F3} sd, width {sd / Sd:F3}");
        Assert.Equal(Mean, mean, 0.2 * Sd);
        Assert.Equal(1, sd / Sd, 0.2);

        SimulationPairs all = new([.. first.Theta, .. second.Theta], [.. first.X, .. second.X], first.Count + second.Count, 0);
        (double wrong, double narrow) = Moments(Train([all], new SequentialNpeOptions { Network = Small }).Posterior);
        output.WriteLine($"plain: {(wrong - Mean) / Sd:F3} sd, width {narrow / Sd:F3}");
        Assert.True(wrong > Mean + (0.6 * Sd), $"The plain loss on the same pairs should follow the proposals, got a mean {(wrong - Mean) / Sd:F3} sd off.");
    }

    [Fact]
    public void Train_WithoutPairsOfThePrior_StillFindsThePosteriorWhereProposalsWent()
    {
        // A wide proposal that is not the prior: N(1, 1), whose own posterior has the mean 1.4.
        (double mean, double sd) = Moments(Train([Pairs(0, 1, 1, 1), Pairs(1, 1, 3000, 2)], new SequentialNpeOptions { Network = Small, KeepsPlainLoss = false }).Posterior);
        output.WriteLine($"atomic: {(mean - Mean) / Sd:F3} sd, width {sd / Sd:F3}");
        Assert.Equal(Mean, mean, 0.2 * Sd);
        Assert.Equal(1, sd / Sd, 0.2);
    }

    [Fact]
    public void Train_OnOneRound_IsPlainEstimation()
    {
        var prior = new Normal(0, 1);
        SimulationPairs pairs = Pairs(0, 1, 500, 1);
        TrainingOptions training = new() { MaxEpochs = 2 };
        double[] logs = new double[1], plain = new double[1];
        SequentialPosteriorEstimation.Train(prior, [pairs], 1, new SequentialNpeOptions { Network = Small }, training, new Rng(3)).Posterior.LogProb(Observed, [0.7], logs);
        NeuralPosteriorEstimation.Train(new SupportBijection(prior), pairs.Theta, pairs.X, 1, Small, training, new Rng(3)).Posterior.LogProb(Observed, [0.7], plain);
        Assert.Equal(plain, logs);
    }

    [Fact]
    public void Train_FromAnEarlierNetwork_StartsWithItsNumbersAndLeavesIt()
    {
        SimulationPairs first = Pairs(0, 1, 2000, 1), second = Pairs(2, 0.4, 200, 2);
        NeuralPosterior start = Train([first], new SequentialNpeOptions { Network = Small }).Posterior;
        double[] before = new double[1], after = new double[1], warm = new double[1];
        start.LogProb(Observed, [0.7], before);

        // One step at a rate of nearly nothing: what is left is what training started from.
        TrainingOptions still = new() { MaxSteps = 1, LearningRate = 1e-12 };
        SequentialPosteriorEstimation.Train(new Normal(0, 1), [first, second], 1, new SequentialNpeOptions { Network = Small }, still, new Rng(4), start).Posterior.LogProb(Observed, [0.7], warm);
        start.LogProb(Observed, [0.7], after);
        Assert.Equal(before, after);
        Assert.Equal(before[0], warm[0], 1e-5);
    }

    [Fact]
    public void Train_WithBalance_MeetsTheConditionThatPlainTrainingMisses()
    {
        // Told a prior nine times as wide in variance as the one that was drawn from, plain training, which does not ask, is out of balance for certain.
        SimulationPairs pairs = Pairs(0, 1, 2000, 1), fresh = Pairs(0, 1, 2000, 9);
        TrainingOptions training = new() { MaxEpochs = 15, LearningRate = 3e-3 };
        var told = new Normal(0, 3);
        double plain = Balance(With(0), fresh, told), balanced = Balance(With(100), fresh, told);
        output.WriteLine($"balance {plain:F4} and {balanced:F4}");
        Assert.True(Math.Abs(plain - 1) > 0.1, $"Balance {plain:F4} without the condition.");
        Assert.True(Math.Abs(balanced - 1) < 0.3 * Math.Abs(plain - 1), $"Balance {balanced:F4}, without the condition {plain:F4}.");

        NeuralPosterior With(double balance) =>
            SequentialPosteriorEstimation.Train(told, [pairs], 1, new SequentialNpeOptions { Network = Small, Balance = balance }, training, new Rng(3)).Posterior;
    }

    [Fact]
    public void Losses_HaveTheGradientsOfCentralDifferencesAndAreZeroWhereTheyShould()
    {
        Tensor ratios = Tensor.Normal(0, 1, new Rng(5), new Shape(4, 2), DType.Float64);
        Assert.InRange(GradientCheck.Run(x => SequentialLoss.Atomic(x[0]), [Tensor.Normal(0, 1, new Rng(5), new Shape(4, 3), DType.Float64)], new Rng(6)).First, 0, 1e-8);
        Assert.InRange(GradientCheck.Run(x => SequentialLoss.Balance(x[0]), [ratios], new Rng(6)).First, 0, 1e-8);

        // No information: every ratio is 1, an atom is named by chance, and both classifiers say a half.
        Tensor none = Tensor.Zeros(new Shape(4, 2), DType.Float64);
        Assert.Equal(4 * Math.Log(2), SequentialLoss.Atomic(none).ToScalar(), 1e-12);
        Assert.Equal(0, SequentialLoss.Balance(none).ToScalar(), 1e-12);
    }

    [Fact]
    public void Train_OnBadInput_SaysWhatIsExpected()
    {
        SimulationPairs pairs = Pairs(0, 1, 20, 1);
        void Run(IReadOnlyList<SimulationPairs> rounds, SequentialNpeOptions options, IDistribution prior) =>
            SequentialPosteriorEstimation.Train(prior, rounds, 1, options, new TrainingOptions { MaxEpochs = 1 }, new Rng(1));
        var normal = new Normal(0, 1);
        Assert.Contains("one or more rounds", Assert.Throws<ArgumentException>(() => Run([], new SequentialNpeOptions(), normal)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run([pairs, pairs], new SequentialNpeOptions { Atoms = 1 }, normal));
        Assert.Contains("got 2", Assert.Throws<ArgumentException>(() => Run([pairs, pairs], new SequentialNpeOptions { Balance = 1 }, normal)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Run([pairs, pairs], new SequentialNpeOptions(), new Uniform(0, 0.01)));
    }

    private static NeuralPosteriorOptions Small => new() { Flow = new FlowOptions { Kind = FlowKind.AffineAutoregressive, Transforms = 2, Hidden = 16, Blocks = 1 } };

    private static SimulationPairs Pairs(double mean, double sd, int count, ulong seed)
    {
        var rng = new Rng(seed);
        double[] thetas = new double[count], xs = new double[count];
        for (int i = 0; i < count; i++)
        {
            thetas[i] = mean + (sd * rng.NextNormal());
            xs[i] = thetas[i] + (0.5 * rng.NextNormal());
        }

        return new SimulationPairs(thetas, xs, count, 0);
    }

    private static NpeResult Train(IReadOnlyList<SimulationPairs> rounds, SequentialNpeOptions options) => SequentialPosteriorEstimation.Train(
        new Normal(0, 1), rounds, 1, options, new TrainingOptions { MaxEpochs = 30, LearningRate = 3e-3, Schedule = RateSchedule.Cosine, BatchSize = 100 }, new Rng(3));

    private static (double Mean, double Sd) Moments(NeuralPosterior posterior)
    {
        double[] draws = new double[10_000];
        posterior.Sample(Observed, draws, new Rng(7));
        double mean = draws.Average();
        return (mean, Math.Sqrt(draws.Average(v => (v - mean) * (v - mean))));
    }

    // The mean of the classifier over joint pairs and that over pairs of marginals.
    private static double Balance(NeuralPosterior posterior, SimulationPairs pairs, Normal prior)
    {
        double[] own = new double[pairs.Count], others = new double[pairs.Count], shifted = [.. pairs.Theta[1..], pairs.Theta[0]];
        posterior.LogProbPairs(pairs.Theta, pairs.X, own);
        posterior.LogProbPairs(shifted, pairs.X, others);
        return Enumerable.Range(0, pairs.Count).Average(i => Sigmoid(own[i] - prior.LogProb([pairs.Theta[i]])) + Sigmoid(others[i] - prior.LogProb([shifted[i]])));

        static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
    }
}
