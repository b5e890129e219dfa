using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Toys;

public sealed class GaussianLinearTests
{
    private const string Data = "sbibm/gaussian_linear";
    private static readonly GaussianLinear Model = new();

    [Fact]
    public void Simulate_ManyEvents_IsNormalAroundTheta()
    {
        const int Events = 10_000;
        double[] theta = [.. Enumerable.Range(0, 10).Select(i => i - 4.5)], x = new double[10], sum = new double[10], squares = new double[10];
        double neighbours = 0;
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)Model).Simulate(theta, x, new Rng(1).Split(i));
            for (int k = 0; k < 10; k++)
            {
                sum[k] += x[k] - theta[k];
                squares[k] += (x[k] - theta[k]) * (x[k] - theta[k]);
            }

            neighbours += (x[0] - theta[0]) * (x[1] - theta[1]);
        }

        // 21 comparisons at 4.5 standard errors.
        double error = 4.5 / Math.Sqrt(Events);
        Assert.All(sum, s => Assert.Equal(0, s / Events, Math.Sqrt(0.1) * error));
        Assert.All(squares, s => Assert.Equal(0.1, s / Events, Math.Sqrt(2) * 0.1 * error));
        Assert.Equal(0, neighbours / Events, 0.1 * error);
    }

    [Fact]
    public void LogLikelihood_IsSumOfNormalDensities()
    {
        double[] theta = [.. Enumerable.Range(0, 10).Select(i => 0.1 * i)], x = [.. Enumerable.Range(0, 10).Select(i => Math.Sin(i))];
        double expected = theta.Zip(x, (t, y) => Math.Log(Math.Exp(-(y - t) * (y - t) / 0.2) / Math.Sqrt(2 * Math.PI * 0.1))).Sum();
        Assert.Equal(expected, Model.LogLikelihood(theta, x), 1e-12);
    }

    // Bayes' rule in full: log-likelihood + log prior - log posterior is the evidence, whatever theta.
    [SharedDataTheory(Data)]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void LogLikelihood_ReferencePosterior_GivesTheEvidenceAtEverySample(int observation)
    {
        string folder = $"{Data}/num_observation_{observation}";
        double[] x = SharedData.ReadCsv($"{folder}/observation.csv")[0];
        double[][] samples = SharedData.ReadCsv($"{folder}/reference_posterior_samples.csv.gz");
        double evidence = x.Sum(y => LogNormal(y, 0, 0.2));
        foreach (double[] theta in samples.Take(200))
        {
            double prior = theta.Sum(t => LogNormal(t, 0, 0.1)), posterior = theta.Zip(x, (t, y) => LogNormal(t, y / 2, 0.05)).Sum();
            Assert.Equal(evidence, Model.LogLikelihood(theta, x) + prior - posterior, 1e-9);
        }

        // 100 comparisons over the five observations at 4.5 standard errors.
        double error = 4.5 / Math.Sqrt(samples.Length);
        for (int k = 0; k < 10; k++)
        {
            Assert.Equal(x[k] / 2, samples.Average(s => s[k]), Math.Sqrt(0.05) * error);
            Assert.Equal(0.05, samples.Average(s => (s[k] - (x[k] / 2)) * (s[k] - (x[k] / 2))), Math.Sqrt(2) * 0.05 * error);
        }
    }

    [Fact]
    public void AnyCall_WrongLengthOrNaNParameter_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianLinear(0));
        Assert.Throws<ArgumentException>(() => ((ISimulator)Model).Simulate(new double[9], new double[10], new Rng(1)));
        Assert.Throws<ArgumentException>(() => Model.LogLikelihood(new double[10], new double[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ISimulator)new GaussianLinear(1)).Simulate([double.NaN], new double[1], new Rng(1)));
        Assert.Equal(double.NaN, new GaussianLinear(1).LogLikelihood([0], [double.NaN]));
    }

    private static double LogNormal(double x, double mean, double variance)
        => -((x - mean) * (x - mean) / (2 * variance)) - (0.5 * Math.Log(2 * Math.PI * variance));
}
