using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.BayesianNetworks;

public sealed class WeightTargetTests
{
    private const int Rows = 7;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 3, 4)]
    [InlineData(2, 1, 3)]
    [InlineData(4, 2, 5)]
    public void Gradient_IsThatOfCentralDifferences(int d, int k, int hidden)
    {
        const double Step = 1e-5;
        var layout = new WeightLayout(d, k, hidden);
        (double[] x, double[] z) = Data(d, k);
        TensorTarget target = new WeightTarget(layout, x, z).Target;
        double[] points = new double[2 * layout.Count], gradients = new double[points.Length], logs = new double[2], ends = new double[2];
        new Rng(2).FillNormal(points);
        target.EvaluateWithGradient(points, logs, gradients);
        Assert.Null(target.Obstacle);
        for (int i = 0; i < points.Length; i++)
        {
            double[] moved = [.. points];
            moved[i] += Step;
            target.Evaluate(moved, ends);
            double above = ends[i / layout.Count];
            moved[i] -= 2 * Step;
            target.Evaluate(moved, ends);
            double difference = (above - ends[i / layout.Count]) / (2 * Step);
            Assert.True(Math.Abs(difference - gradients[i]) <= 1e-6 * (1 + Math.Abs(gradients[i])), $"coordinate {i % layout.Count}: {gradients[i]} and {difference}");
        }
    }

    // The target is written in tensors for all chains, the posterior in spans for one network at a time.
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(3, 2, 5)]
    public void LogDensity_IsThatOfTheNetworkTimesThePrior(int d, int k, int hidden)
    {
        var layout = new WeightLayout(d, k, hidden);
        (double[] xs, double[] z) = Data(d, k);
        var coordinates = PosteriorCoordinates.Untrained(new SupportBijection(new IndependentProduct([.. Enumerable.Range(0, d).Select(i => ($"theta_{i}", (IDistribution)new Normal(0, 1)))])), k);
        double[] x = new double[xs.Length], w = new double[layout.Count], log = new double[1], logs = new double[Rows];
        coordinates.X.Apply(xs, x);
        new Rng(3).FillNormal(w);
        new WeightTarget(layout, x, z).Target.Evaluate(w, log);

        var posterior = new BayesianNetworkPosterior(coordinates, hidden, networks: 1);
        posterior.Assign(0, w);
        posterior.LogProbPairs(z, xs, logs);
        Assert.Equal(logs.Sum() + (0.5 * Rows * d * Math.Log(2 * Math.PI)) - (0.5 * w.Sum(v => v * v)), log[0], 1e-9);
    }

    [Fact]
    public void Layout_PutsEveryCoordinateSomewhere()
    {
        // Scales, noise, differences, biases, inputs and linear, hidden biases, outputs, pairs.
        Assert.Equal(6 + 1 + 3 + 3 + ((5 + 3) * 2) + 5 + (2 * 3 * 5) + 3, new WeightLayout(3, 2, 5).Count);
    }

    private static (double[] X, double[] Z) Data(int d, int k)
    {
        double[] x = new double[Rows * k], z = new double[Rows * d];
        new Rng(1).Split("x").FillNormal(x);
        new Rng(1).Split("z").FillNormal(z);
        return (x, z);
    }
}
