using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Npe;

public sealed class TrainedPosteriorTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public void LogProb_OverABox_IntegratesToOneAndFitsTheDraws()
    {
        var prior = new IndependentProduct(("theta_1", new Uniform(-1, 1)), ("theta_2", new Uniform(-1, 1)));
        var rng = new Rng(5);
        SimulationPairs pairs = new SimulationRunner(new GaussianLinear(2)).Run(prior, 0, 4_000, rng.Split("simulate")).Successful();
        NeuralPosterior posterior = NeuralPosteriorEstimation.Train(
            new SupportBijection(prior), pairs.Theta, pairs.X, 2, new NeuralPosteriorOptions(), new TrainingOptions { MaxEpochs = 12 }, rng.Split("train")).Posterior;

        // Midpoints of 600 x 600 cells. The posterior of the second observation is cut by two edges of the box.
        const int Cells = 600, Draws = 20_000;
        double[] grid = new double[2 * Cells * Cells], logProb = new double[Cells * Cells], draws = new double[2 * Draws];
        for (int i = 0; i < logProb.Length; i++)
        {
            (grid[2 * i], grid[(2 * i) + 1]) = (Middle(i / Cells), Middle(i % Cells));
        }

        foreach (double[] observed in (double[][])[[0, 0], [-0.9, 0.95]])
        {
            posterior.LogProb(observed, grid, logProb);
            double cell = 4.0 / (Cells * Cells), mass = 0, left = 0, upper = 0;
            for (int i = 0; i < logProb.Length; i++)
            {
                double p = cell * Math.Exp(logProb[i]);
                mass += p;
                left += grid[2 * i] < 0.1 ? p : 0;
                upper += grid[(2 * i) + 1] > 0.2 ? p : 0;
            }

            Assert.Equal(1, mass, 0.005);

            // Shares of draws against integrals of the density: a binomial's 5 standard errors, at most 0.018.
            posterior.Sample(observed, draws, rng.Split("sample"));
            Assert.Equal(left, Share(k => draws[2 * k] < 0.1), 0.018);
            Assert.Equal(upper, Share(k => draws[(2 * k) + 1] > 0.2), 0.018);
        }

        static double Middle(int index) => -1 + (2 * (index + 0.5) / Cells);
        static double Share(Func<int, bool> holds) => Enumerable.Range(0, Draws).Count(holds) / (double)Draws;
    }
}
