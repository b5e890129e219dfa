using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>What training ends in goes through the open file and comes back as it was.</summary>
public sealed class MethodFileTests
{
    public static TheoryData<string> Names => MethodCases.Names;

    [Theory, MemberData(nameof(Names))]
    public void State_ThroughAFile_GivesTheSameBits(string name)
    {
        // A count beside a measurement, so that methods that tell them apart have something to keep.
        var prior = new IndependentProduct(("share", new Uniform(0, 1)), ("scale", new LogNormal(0, 1)));
        const int Rows = 200;
        var rng = new Rng(3);
        double[] thetas = new double[2 * Rows], xs = new double[2 * Rows], x = [4, 0.3];
        for (int i = 0; i < Rows; i++)
        {
            prior.Sample(thetas.AsSpan(2 * i, 2), rng);
            xs[2 * i] = rng.NextBinomial(10, thetas[2 * i]);
            xs[(2 * i) + 1] = Math.Log(thetas[(2 * i) + 1]) + (0.5 * rng.NextNormal());
        }

        MethodCase method = MethodCases.Of(name);
        TrainedMethod trained = method.Train(prior, thetas, xs, 2, method.Training with { MaxEpochs = 3 }, new Rng(4), CancellationToken.None);
        (IPosteriorEstimator loaded, IModule network) = method.Untrained(prior, 2, trained);
        StateFile.Carry(trained.Network, network);
        (double[] draws, double[] logs) = Numbers(trained.Posterior, x);
        (double[] sameDraws, double[] sameLogs) = Numbers(loaded, x);
        Assert.Equal(draws, sameDraws);
        Assert.Equal(logs, sameLogs);
        Assert.All(logs, log => Assert.True(double.IsFinite(log)));
    }

    private static (double[] Draws, double[] Logs) Numbers(IPosteriorEstimator posterior, double[] x)
    {
        const int Draws = 100;
        double[] draws = new double[2 * Draws], logs = new double[Draws];
        posterior.Sample(x, draws, new Rng(1));
        posterior.LogProb(x, draws, logs);
        return (draws, logs);
    }
}
