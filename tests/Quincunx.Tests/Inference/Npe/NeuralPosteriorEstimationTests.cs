using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Npe;

[Trait("Category", "Slow")]
public sealed class NeuralPosteriorEstimationTests(ITestOutputHelper output)
{
    private const int Simulations = 10_000;

    public static TheoryData<string> Cases => PosteriorCases.All;

    [Theory, MemberData(nameof(Cases))]
    public void Train_OnAnExactProblem_FindsThePosterior(string name)
    {
        const int Held = 10_000, Draws = 20_000;
        PosteriorCase problem = PosteriorCases.Of(name);
        int d = problem.Prior.Dimension;
        NpeResult result = Train(problem, new Rng(41), threads: 2);
        NeuralPosterior posterior = result.Posterior;

        // Held-out loss over the entropy: the mean of log p - log q over fresh pairs is a divergence, so it is positive but for noise.
        (double[] thetas, double[] xs) = problem.Draw(Held, new Rng(42));
        double[] excess = new double[Held];
        posterior.LogProbPairs(thetas, xs, excess);
        for (int i = 0; i < Held; i++)
        {
            excess[i] = problem.LogPosterior(thetas[(i * d)..((i + 1) * d)], xs[(i * problem.Features)..((i + 1) * problem.Features)]) - excess[i];
        }

        double divergence = excess.Average(), error = Math.Sqrt(excess.Average(e => (e - divergence) * (e - divergence)) / Held);
        output.WriteLine($"{name}: {result.Training.StopReason}, divergence {divergence:F4} ± {error:F4} nats");
        List<string> faults = [];
        double[] draws = new double[Draws * d];
        foreach (double[] x in problem.Observations)
        {
            (double[] mean, double[] covariance) = problem.Moments(x);
            posterior.Sample(x, draws, new Rng(43));
            MapResult map = posterior.Map(x, new Rng(44));
            for (int i = 0; i < d; i++)
            {
                double sd = Math.Sqrt(covariance[i * (d + 1)]);
                double found = Enumerable.Range(0, Draws).Average(n => draws[(n * d) + i]);
                for (int j = 0; j <= i; j++)
                {
                    double other = Enumerable.Range(0, Draws).Average(n => draws[(n * d) + j]);
                    double product = Enumerable.Range(0, Draws).Average(n => (draws[(n * d) + i] - found) * (draws[(n * d) + j] - other));
                    double off = (product - covariance[(i * d) + j]) / (sd * Math.Sqrt(covariance[j * (d + 1)]));
                    output.WriteLine($"  x = {string.Join(", ", x)}: covariance {i}, {j} off by {off:F3}");
                    if (!(Math.Abs(off) < 0.2))
                    {
                        faults.Add($"covariance {i}, {j} at x = {x[0]}: {off:F3}");
                    }
                }

                output.WriteLine($"  x = {string.Join(", ", x)}: mean {i} off by {(found - mean[i]) / sd:F3} sd, map {map.Theta[i]:F3} (mean {mean[i]:F3})");
                if (!(Math.Abs(found - mean[i]) < 0.15 * sd) || !map.Converged)
                {
                    faults.Add($"mean {i} at x = {x[0]}: {(found - mean[i]) / sd:F3} sd; map converged: {map.Converged}");
                }
            }
        }

        // 20,000 draws have means within 0.007 sd and variances within 1 %; what is left is the network's error with 10,000 simulations.
        Assert.Empty(faults);
        Assert.InRange(divergence, -4 * error, 0.05);
    }

    [Fact]
    public void Train_WithAnyNumberOfThreads_GivesTheSameBytes()
    {
        PosteriorCase problem = PosteriorCases.Of("uniform-edge");
        double[][] logs = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            NeuralPosterior posterior = Train(problem, new Rng(7), threads, simulations: 1000, epochs: 2).Posterior;
            double[] thetas = new double[100], found = new double[100];
            posterior.Sample([0.3], thetas, new Rng(8));
            posterior.LogProb([0.3], thetas, found);
            return (double[])[.. thetas, .. found];
        })];
        Assert.Equal(logs[0], logs[1]);
        Assert.Equal(logs[0], logs[2]);
    }

    private static NpeResult Train(PosteriorCase problem, Rng rng, int threads, int simulations = Simulations, int epochs = 20)
    {
        (double[] thetas, double[] xs) = problem.Draw(simulations, rng.Split("simulations"));
        var training = new TrainingOptions { MaxEpochs = epochs, LearningRate = 3e-3, Schedule = RateSchedule.Cosine, Threads = threads };
        return NeuralPosteriorEstimation.Train(
            new SupportBijection(problem.Prior), thetas, xs, problem.Features, problem.Network, training, rng.Split("train"));
    }
}
