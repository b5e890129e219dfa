using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Docs;

/// <summary>The code of docs/guide/library.md, run.</summary>
public sealed class LibraryGuide
{
    [Fact]
    [Trait("Category", "Slow")]
    public void Library_GaltonBoard_FindsTheExactPosterior()
    {
        // snippet: library
        var board = new GaltonBoard(rows: 20);
        var prior = new IndependentProduct(("theta", new Uniform(0, 1)));
        var rng = new Rng(seed: 7);

        SimulationPairs simulated = new SimulationRunner(board).Run(prior, 0, 5_000, rng.Split("simulate")).Successful();
        NpeResult result = NeuralPosteriorEstimation.Train(
            new SupportBijection(prior), simulated.Theta, simulated.X, features: 1, new NeuralPosteriorOptions(),
            new TrainingOptions { MaxEpochs = 20, AverageDecay = 0.99 }, rng.Split("train"));

        double[] theta = new double[10_000];
        result.Posterior.Sample([14], theta, rng.Split("sample"));       // the ball fell into bin 14
        // end-snippet

        // Exact: Beta(15, 7), mean 0.682, sd 0.097. The tolerance is a fifth of the sd: what this small budget may leave.
        Assert.Equal(15.0 / 22, theta.Average(), 0.02);
    }
}
