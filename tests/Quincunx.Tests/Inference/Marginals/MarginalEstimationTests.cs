using Quincunx.Inference.Distributions;
using Quincunx.Inference.Marginals;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Flows;
using Quincunx.Tests.Inference.Npe;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Marginals;

public sealed class MarginalEstimationTests
{
    private static readonly MarginalEstimationOptions Small = new() { Width = 24, Blocks = 1 };

    [Fact]
    public void Train_OnALinearGaussian_FindsQuantilesMeansAndVariances()
    {
        PosteriorCase problem = PosteriorCases.LinearGaussian(2);
        MarginalEstimator estimator = Train(problem).Estimator;
        foreach (double[] x in problem.Observations)
        {
            (double[] mean, double[] covariance) = problem.Moments(x);
            MarginalSummary found = estimator.Summarise(x);
            for (int i = 0; i < 2; i++)
            {
                double sd = Math.Sqrt(covariance[3 * i]);
                Assert.Equal(mean[i], found.Mean[i], 0.15 * sd);
                Assert.Equal(1, found.Variance[i] / covariance[3 * i], 0.2);
                Assert.All(found.Quantiles[i].Zip(estimator.Levels), pair => Assert.Equal(pair.Second, SpecialFunctions.NormalCdf((pair.First - mean[i]) / sd), 0.06));
            }
        }
    }

    [Fact]
    public void Train_OnTheGaltonBoard_FindsQuantilesMeanAndVarianceOfTheBeta()
    {
        PosteriorCase problem = PosteriorCases.Of("galton-board");
        MarginalEstimator estimator = Train(problem).Estimator;
        foreach (double[] x in problem.Observations)
        {
            (double[] mean, double[] variance) = problem.Moments(x);
            MarginalSummary found = estimator.Summarise(x);
            Assert.Equal(mean[0], found.Mean[0], 0.15 * Math.Sqrt(variance[0]));
            Assert.Equal(1, found.Variance[0] / variance[0], 0.25);
            Assert.All(found.Quantiles[0].Zip(estimator.Levels), pair => Assert.Equal(pair.Second, SpecialFunctions.BetaRegularized(x[0] + 1, 21 - x[0], pair.First), 0.06));
        }
    }

    [Fact]
    public void Summarise_WithAnyWeights_HasRisingQuantilesInsideTheSupport()
    {
        var prior = new IndependentProduct(("a", new Normal(0, 2)), ("b", new LogNormal(0, 1)), ("c", new Uniform(-1, 2)));
        for (ulong seed = 0; seed < 20; seed++)
        {
            MarginalEstimator estimator = MarginalEstimation.Untrained(new SupportBijection(prior), 2, Small);
            BijectionCases.Scatter(estimator, new Rng(seed), 1);
            MarginalSummary found = estimator.Summarise([0.4, -3]);
            Assert.All(found.Quantiles, row => Assert.All(row.Skip(1).Zip(row), pair => Assert.True(pair.First >= pair.Second)));
            Assert.All(found.Quantiles[1], q => Assert.True(q > 0));
            Assert.All(found.Quantiles[2], q => Assert.InRange(q, -1, 2));
            Assert.All(found.Variance, v => Assert.True(v > 0));
        }
    }

    [Fact]
    public void Score_HasTheGradientsOfCentralDifferences()
    {
        var network = new MarginalNetwork(2, 3, Small with { Width = 5 }, new Rng(1), DType.Float64);
        BijectionCases.Scatter(network, new Rng(2), 0.3);
        Tensor z = Normal(2, "z"), theta = Normal(2, "theta"), x = Normal(3, "x");
        IReadOnlyList<Parameter> weights = ParameterTree.Of(network).Trained;
        Tensor[] gradients = Gradient.Of(network.Score(z, theta, x).Sum(), [.. weights.Select(w => w.Value)]);
        for (int p = 0; p < weights.Count; p++)
        {
            double[] start = weights[p].Value.ToArray(), gradient = gradients[p].ToArray();
            for (int i = 0; i < start.Length; i += 1 + (start.Length / 4))
            {
                double numeric = (At(weights[p], start, i, 1e-6) - At(weights[p], start, i, -1e-6)) / 2e-6;
                Assert.Equal(numeric, gradient[i], 1e-6 * (1 + Math.Abs(numeric)));
            }
        }

        double At(Parameter parameter, double[] start, int i, double step)
        {
            double[] moved = [.. start];
            moved[i] += step;
            parameter.Assign(moved);
            double score = network.Score(z, theta, x).Sum().ToScalar();
            parameter.Assign(start);
            return score;
        }

        static Tensor Normal(int rows, string label) => Tensor.Normal(0, 1, new Rng(3).Split(label), new Shape(rows, 4), DType.Float64);
    }

    [Fact]
    public void State_Imported_GivesTheSameNumbers()
    {
        var bijection = new SupportBijection(new Box([-1, 0], [3, 0.5]));
        MarginalEstimator estimator = MarginalEstimation.Untrained(bijection, 2, Small), other = MarginalEstimation.Untrained(bijection, 2, Small);
        BijectionCases.Scatter(estimator, new Rng(4), 0.3);
        StateFile.Carry(estimator, other);
        MarginalSummary a = estimator.Summarise([0.3, 1]), b = other.Summarise([0.3, 1]);
        Assert.Equal(a.Mean, b.Mean);
        Assert.Equal(a.Variance, b.Variance);
        Assert.Equal(a.Quantiles, b.Quantiles);
    }

    [Fact]
    public void Options_OutOfRange_SayWhatIsExpected()
    {
        var bijection = new SupportBijection(new Uniform(0, 1));
        Assert.Contains("rising levels", Assert.Throws<ArgumentException>(() => MarginalEstimation.Untrained(bijection, 1, Small with { Levels = [0.5, 0.2] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MarginalEstimation.Untrained(bijection, 1, Small with { Levels = [] }));
        Assert.Throws<ArgumentException>(() => MarginalEstimation.Untrained(bijection, 1, Small with { Levels = [1] }));
        Assert.Throws<ArgumentException>(() => MarginalEstimation.Untrained(bijection, 1, Small).Summarise([double.NaN]));
        Assert.Throws<ArgumentException>(() => MarginalEstimation.Train(bijection, [0.1, 1.2], [1, 2], 1, Small, new TrainingOptions(), new Rng(1)));
    }

    private static MarginalResult Train(PosteriorCase problem)
    {
        (double[] thetas, double[] xs) = problem.Draw(30_000, new Rng(41));
        TrainingOptions training = new() { MaxEpochs = 40, LearningRate = 3e-3, Schedule = RateSchedule.Cosine, AverageDecay = 0.99 };
        return MarginalEstimation.Train(new SupportBijection(problem.Prior), thetas, xs, problem.Features, Small, training, new Rng(42));
    }
}
