using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Restriction;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Restriction;

[Trait("Category", "Slow")]
public sealed class RestrictedInferenceTests(ITestOutputHelper output)
{
    private static readonly Lazy<RestrictionResult> Learned = new(() => PriorRestriction.Learn(
        Disc.Prior, new SimulationRunner(Disc.Simulator).Run(Disc.Prior, 0, 8_000, new Rng(1)), new RestrictionOptions { LostShare = 0.002 }, new Rng(2)));

    [Fact]
    public void Npe_UnderTheRestrictedPrior_FindsThePosteriorGivenSuccess()
    {
        const int Draws = 10_000;
        IDistribution prior = Disc.Prior;
        ISimulator simulator = Disc.Simulator;
        var training = new TrainingOptions { MaxEpochs = 25, LearningRate = 3e-3, Schedule = RateSchedule.Cosine };
        // snippet: restriction
        var runner = new SimulationRunner(simulator);
        SimulationSet first = runner.Run(prior, 0, 8_000, new Rng(seed: 1));
        RestrictionResult learned = PriorRestriction.Learn(prior, first, new RestrictionOptions { LostShare = 0.002 }, new Rng(seed: 2));
        Console.WriteLine($"{learned.StopReason}: {learned.Advice}");

        // The prior as it was, where nothing could be learned or nothing failed.
        SimulationPairs pairs = runner.Run(learned.Prior, 8_000, 13_000, new Rng(seed: 1)).Successful();
        NpeResult npe = NeuralPosteriorEstimation.Train(
            new SupportBijection(learned.Prior), pairs.Theta, pairs.X, features: 2, new NeuralPosteriorOptions(), training, new Rng(seed: 3));
        // end-snippet
        output.WriteLine($"{pairs.Excluded} of 5000 runs failed, {first.FailedRows.Count} of 8000 before. {learned.Advice}");
        Assert.Equal(RestrictionStop.Restricted, learned.StopReason);
        Assert.InRange(pairs.Excluded / 5000.0, 0, 0.05);
        double[] thetas = new double[2 * Draws];
        foreach (double[] x in (double[][])[[1.2, 0.3], [-1.5, -1.5]])
        {
            (double[] mean, double[] covariance) = Disc.Posterior(x);
            npe.Posterior.Sample(x, thetas, new Rng(4));
            for (int j = 0; j < 2; j++)
            {
                double sd = Math.Sqrt(covariance[3 * j]), found = Enumerable.Range(0, Draws).Average(i => thetas[(2 * i) + j]);
                double spread = Math.Sqrt(Enumerable.Range(0, Draws).Average(i => Math.Pow(thetas[(2 * i) + j] - found, 2)));
                output.WriteLine($"x = {x[0]}, {x[1]}: mean {j} is {found:F3}, exactly {mean[j]:F3}; sd {spread:F3}, exactly {sd:F3}");

                // 10,000 draws have means within 0.01 sd; the rest is the network's error at an edge.
                Assert.Equal(mean[j], found, 0.15 * sd);
                Assert.InRange(spread / sd, 0.85, 1.2);
            }
        }
    }

    /// <summary>The restriction alone, without a network for the posterior: successful draws of the restricted prior, weighted by the exact likelihood.</summary>
    [Theory]
    [InlineData(1.2, 0.3)]
    [InlineData(-1.5, -1.5)]
    [InlineData(0.2, 1)]
    [InlineData(0.85, -0.85)]
    public void Weights_OfSuccessfulDraws_GiveThePosteriorGivenSuccess(double first, double second)
    {
        const int Draws = 40_000;
        double[] x = [first, second], theta = new double[2];
        IDistribution prior = Learned.Value.Prior;
        (double[] mean, double[] covariance) = Disc.Posterior(x);
        double mass = 0, squares = 0;
        double[] sums = new double[2];
        var rng = new Rng(6);
        for (int i = 0; i < Draws; i++)
        {
            prior.Sample(theta, rng.Split(i));
            double weight = Disc.Fails(theta) ? 0 : Math.Exp(-0.5 * (Math.Pow(theta[0] - x[0], 2) + Math.Pow(theta[1] - x[1], 2)) / (Disc.Sd * Disc.Sd));
            (mass, squares) = (mass + weight, squares + (weight * weight));
            (sums[0], sums[1]) = (sums[0] + (weight * theta[0]), sums[1] + (weight * theta[1]));
        }

        for (int j = 0; j < 2; j++)
        {
            // 4 standard errors with the weights' effective number of draws, and what the lost parameters, of which at most 1 in 500 were allowed, can shift.
            double sd = Math.Sqrt(covariance[3 * j]), effective = mass * mass / squares;
            output.WriteLine($"mean {j}: {sums[j] / mass:F4}, exactly {mean[j]:F4} ± {sd / Math.Sqrt(effective):F4}");
            Assert.Equal(mean[j], sums[j] / mass, (4 * sd / Math.Sqrt(effective)) + (0.03 * sd));
        }
    }
}
