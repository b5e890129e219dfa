using Quincunx.Inference.Distributions;
using Quincunx.Inference.ScoreModels;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Npe;
using Quincunx.Tests.Numerics.Random;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.ScoreModels;

public sealed class ScoreEstimationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("gaussian-linear", 1, NoisePath.VariancePreserving)]
    [InlineData("gaussian-linear", 2, NoisePath.SubVariancePreserving)]
    [InlineData("galton-board", 0, NoisePath.VariancePreserving)]
    public void Train_OnAnExactProblem_FindsThePosterior(string name, int dimension, NoisePath path)
    {
        PosteriorCase problem = Problem(name, dimension);
        EstimatorChecks.AssertIsPosterior(Train(problem, path).Posterior, problem, output);
    }

    [Theory]
    [InlineData("gaussian-linear", 5, NoisePath.VariancePreserving)]
    [InlineData("uniform-edge", 0, NoisePath.VariancePreserving)]
    [InlineData("gaussian-linear", 1, NoisePath.VarianceExploding)]
    [Trait("Category", "Slow")]
    public void Train_OnALargerProblem_FindsThePosterior(string name, int dimension, NoisePath path)
    {
        PosteriorCase problem = Problem(name, dimension);
        EstimatorChecks.AssertIsPosterior(Train(problem, path, 10_000, 80).Posterior, problem, output, divergence: 0.05 + (0.05 * dimension));
    }

    [Theory]
    [InlineData(NoisePath.VariancePreserving, ScoreSampler.ReverseDiffusion)]
    [InlineData(NoisePath.VariancePreserving, ScoreSampler.PredictorCorrector)]
    [InlineData(NoisePath.SubVariancePreserving, ScoreSampler.ReverseDiffusion)]
    [InlineData(NoisePath.VarianceExploding, ScoreSampler.ReverseDiffusion)]
    [InlineData(NoisePath.VarianceExploding, ScoreSampler.PredictorCorrector)]
    public void Diffusion_WithTheExactScoreOfANormal_DrawsThatNormal(NoisePath path, ScoreSampler sampler)
    {
        // An untrained network gives u = 0, which is exact where the parameters are standard normal: y and its rotated counterpart are independent.
        var options = new ScoreEstimationOptions { Path = path, Network = Small, Sampling = new ScoreSampling { Sampler = sampler, DiffusionSteps = 300 } };
        ScorePosterior posterior = ScoreEstimation.Untrained(new SupportBijection(new Normal(0, 1)), 1, options);
        double[] thetas = new double[4000], logs = new double[2];
        posterior.Sample([0], thetas, new Rng(6));
        GoodnessOfFit.AssertContinuous(thetas, SpecialFunctions.NormalCdf);
        posterior.LogProb([0], [0, 1.5], logs);
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI), logs[0], 1e-5);
        Assert.Equal(-1.125, logs[1] - logs[0], 1e-5);
    }

    [Fact]
    public void Diffusion_OfATrainedNetwork_DrawsWhatTheFlowDraws()
    {
        PosteriorCase problem = Problem("gaussian-linear", 1);
        ScorePosterior flow = Train(problem, NoisePath.VariancePreserving).Posterior;
        ScorePosterior diffusion = flow.With(flow.Sampling with { Sampler = ScoreSampler.ReverseDiffusion, DiffusionSteps = 300 });
        double[] a = new double[4000], b = new double[4000];
        flow.Sample([0.5], a, new Rng(7));
        diffusion.Sample([0.5], b, new Rng(8));

        // Two means of 4,000 draws differ by 0.022 sd, two standard deviations by 1.6 %; Euler's steps add about a percent.
        double mean = a.Average(), sd = Math.Sqrt(a.Average(v => (v - mean) * (v - mean))), other = b.Average(), otherSd = Math.Sqrt(b.Average(v => (v - other) * (v - other)));
        Assert.Equal(mean, other, 0.15 * sd);
        Assert.Equal(1, otherSd / sd, 0.1);
    }

    [Fact]
    public void Options_WithAPathWithoutDiffusion_SayWhatIsExpected() => Assert.Contains(
        "OptimalTransport",
        Assert.Throws<ArgumentException>(() => ScoreEstimation.Untrained(new SupportBijection(new Normal(0, 1)), 1, new ScoreEstimationOptions { Path = NoisePath.OptimalTransport })).Message,
        StringComparison.Ordinal);

    private static ScoreNetworkOptions Small => new() { Width = 32, Blocks = 2, EmbeddingWidth = 16 };

    private static PosteriorCase Problem(string name, int dimension) => dimension == 0 ? PosteriorCases.Of(name) : PosteriorCases.LinearGaussian(dimension);

    private static ScoreResult Train(PosteriorCase problem, NoisePath path, int simulations = 4000, int epochs = 40)
    {
        (double[] thetas, double[] xs) = problem.Draw(simulations, new Rng(41));
        TrainingOptions training = ScoreEstimation.DefaultTraining with { MaxEpochs = epochs, AverageDecay = 0.98 };
        return ScoreEstimation.Train(new SupportBijection(problem.Prior), thetas, xs, problem.Features, new ScoreEstimationOptions { Path = path, Network = Small }, training, new Rng(42));
    }
}
