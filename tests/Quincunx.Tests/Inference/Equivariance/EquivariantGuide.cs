using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Oscillators;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Equivariance;

/// <summary>The example of the page on equivariant estimation.</summary>
public sealed class EquivariantGuide(ITestOutputHelper output)
{
    [Fact, Trait("Category", "Slow")]
    public void Oscillator_StruckAtAnUnknownTime_IsFound()
    {
        var simulator = new DampedOscillator(points: 101, endSeconds: 10);
        var prior = new IndependentProduct(("omega_0", new Uniform(3, 10)), ("beta", new Uniform(0.2, 0.5)), ("tau", new Uniform(0, 5)));
        double[] truth = [5.2, 0.31, 2.34], x = new double[101];
        ((ISimulator)simulator).Simulate(truth, x, new Rng(9));
        SimulationSet simulations = new SimulationRunner(simulator).Run(prior, 0, 2000, new Rng(1));
        var training = EquivariantPosteriorEstimation.DefaultTraining with { MaxEpochs = 20 };

        // snippet: gnpe
        var group = new SignalTranslation(dimension: 3, timeParameter: 2, samples: 101, step: 0.1);
        var options = new EquivariantOptions { Kernel = new Normal(0, 0.1) };
        EquivariantPosterior posterior = EquivariantPosteriorEstimation.Train(
            group, new SupportBijection(prior), simulations.Theta, simulations.X, options, training, new Rng(2)).Posterior;

        GibbsResult run = posterior.Run(x, chains: 1000, new Rng(3));       // run.Thetas, run.StopReason, run.Advice
        ReweightedDraws draws = PosteriorReweighting.ByLikelihood(posterior.Mixture(x, run), prior, simulator, x).Draw(2000, new Rng(4));
        ReweightedDraws withPose = PosteriorReweighting.ByLikelihood(
            posterior.Joint(x, run), posterior.WithPose(prior), new PosedLikelihood(simulator, 3), x).Draw(2000, new Rng(5));
        // end-snippet

        output.WriteLine($"{run.Advice} Efficiencies {draws.Weights.Efficiency:F3}, {withPose.Weights.Efficiency:F3}.");
        Assert.Equal(GibbsStop.Converged, run.StopReason);
        Assert.True(draws.Weights.EffectiveSampleSize > 50);
        Assert.True(withPose.Weights.EffectiveSampleSize > 50);
        Assert.Equal(draws.LogEvidence, withPose.LogEvidence, 4.5 * double.Hypot(draws.LogEvidenceError, withPose.LogEvidenceError));
        for (int j = 0; j < 3; j++)
        {
            double Moment(Func<double, double> of) => Enumerable.Range(0, draws.Count).Average(i => draws.Weights.Weights[i] * of(draws.Thetas[(3 * i) + j]));
            double mean = Moment(v => v), sd = Math.Sqrt(Moment(v => (v - mean) * (v - mean)));
            Assert.Equal(truth[j], mean, 4.5 * sd);     // one posterior in 150,000 is as far off
        }
    }
}
