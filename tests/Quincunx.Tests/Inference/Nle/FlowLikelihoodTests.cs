using Quincunx.Inference.Networks;
using Quincunx.Inference.Nle;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Nle;

public sealed class FlowLikelihoodTests(ITestOutputHelper output)
{
    private const double Rho = 0.6;

    [Fact]
    [Trait("Category", "Slow")]
    public void Train_GaussianMocks_ReproducesTheLogLikelihoodToTheSamplingError()
    {
        const int Dimension = 10, Mocks = 20_000, Fresh = 5_000;
        (double[] rows, _) = Chain(Mocks, Dimension, new Rng(1), z => z);
        (double[] fresh, double[] exact) = Chain(Fresh, Dimension, new Rng(2), z => z);
        FlowLikelihood likelihood = FlowLikelihood.Train(rows, Dimension, new Rng(3));
        double[] logs = new double[Fresh];
        likelihood.LogProb(fresh, logs);

        double difference = logs.Zip(exact).Average(p => Math.Abs(p.First - p.Second));
        output.WriteLine($"mean |difference| {difference:F4} nats, Gaussian: {likelihood.IsGaussian}, {likelihood.Training?.StopReason} after {likelihood.Training?.History.Count} epochs");
        Assert.InRange(difference, 0, 0.05);
    }

    [Fact]
    public void Train_LogNormalMocks_IsBetterThanTheGaussian()
    {
        const int Dimension = 3, Fresh = 4_000;
        (double[] rows, _) = Chain(6_000, Dimension, new Rng(4), z => Math.Exp(0.5 * z));
        (double[] fresh, double[] exact) = Chain(Fresh, Dimension, new Rng(5), z => Math.Exp(0.5 * z));
        FlowLikelihood likelihood = FlowLikelihood.Train(rows, Dimension, new Rng(6), training: FlowLikelihood.DefaultTraining with { MaxEpochs = 40 });
        double[] logs = new double[Fresh];
        likelihood.LogProb(fresh, logs);

        // A Gaussian with the moments of one such feature has a divergence of log((e^s² - 1) e^s² / s²) / 2 = 0.19 nats, s = 0.5.
        double divergence = exact.Zip(logs).Average(p => p.First - p.Second);
        output.WriteLine($"divergence {divergence:F4} nats");
        Assert.False(likelihood.IsGaussian);
        Assert.InRange(divergence, -0.02, 0.1);

        var loaded = new FlowLikelihood(Dimension, new NeuralLikelihoodOptions());
        ModuleState.Import(loaded, ModuleState.Export(likelihood));
        double[] same = new double[Fresh];
        loaded.LogProb(fresh, same);
        Assert.All(logs.Zip(same), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    [Fact]
    public void Train_WrongRows_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => FlowLikelihood.Train(new double[30], 3, new Rng(1)));
        Assert.Throws<ArgumentException>(() => FlowLikelihood.Train(new double[300], 3, new Rng(1)));
        Assert.Throws<ArgumentException>(() => FlowLikelihood.Train([.. Enumerable.Repeat(double.NaN, 300)], 3, new Rng(1)));
    }

    // An autoregressive chain of unit variances through an increasing function of the exponential family, and its exact log-density.
    private static (double[] Rows, double[] Logs) Chain(int count, int dimension, Rng rng, Func<double, double> map)
    {
        double[] rows = new double[count * dimension], logs = new double[count];
        double width = Math.Sqrt(1 - (Rho * Rho));
        for (int i = 0; i < count; i++)
        {
            double before = 0;
            for (int j = 0; j < dimension; j++)
            {
                double noise = rng.NextNormal(), z = j == 0 ? noise : (Rho * before) + (width * noise);
                double slope = (map(z + 1e-4) - map(z - 1e-4)) / 2e-4;
                logs[i] += SpecialFunctions.NormalLogPdf(noise) - (j == 0 ? 0 : Math.Log(width)) - Math.Log(slope);
                rows[(i * dimension) + j] = map(z);
                before = z;
            }
        }

        return (rows, logs);
    }
}
