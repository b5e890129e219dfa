using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Inference.Fresh;

[Trait("Category", "Slow")]
public sealed class NoiseLevelTests
{
    private static readonly TrainingOptions Training = FreshPosteriorEstimation.DefaultTraining with { MaxEpochs = 40, LearningRate = 3e-3 };

    [Fact]
    public void Train_WithTheNoiseLevelAsContext_IsThePosteriorAtEveryLevel()
    {
        // snippet: fresh-noise
        var noise = new GaussianNoise(outputs: 3, level: new Uniform(0.2, 1));
        (double[] thetas, double[] outputs) = NoisyLine.Draw(10_000, new Rng(1));
        var network = FreshChecks.Network with { ContextFeatures = noise.ContextCount };
        NpeResult result = FreshPosteriorEstimation.Train(new SupportBijection(NoisyLine.Prior), thetas, outputs, noise, network, Training, new Rng(2));

        double[] quiet = [0.9, -0.4, 0.3, 0.25], loud = [0.9, -0.4, 0.3, 0.9];      // the last number is the noise level
        double[] draws = new double[2 * 1000];
        result.Posterior.Sample(quiet, draws, new Rng(3));
        // end-snippet
        // The last is A (-1, 0.8) and some noise: three outputs of two parameters cannot be anything, and beyond what was ever simulated no network knows.
        foreach (double[] x in (double[][])[quiet, [0.9, -0.4, 0.3, 0.5], loud, [-0.5, 1.1, -1.4, 0.25]])
        {
            FreshChecks.AssertIsNormal(result.Posterior, x, NoisyLine.Posterior(x, x[3]), $"observation {string.Join(", ", x)}");
        }

        // Saved and loaded: the same numbers.
        NeuralPosterior loaded = NeuralPosteriorEstimation.Untrained(new SupportBijection(NoisyLine.Prior), 4, network);
        StateFile.Carry(result.Posterior, loaded);
        double[] logs = new double[1000], again = new double[1000];
        result.Posterior.LogProb(quiet, draws, logs);
        loaded.LogProb(quiet, draws, again);
        Assert.Equal(logs, again);
    }

    [Fact]
    public void Train_WithGaps_IsThePosteriorOfWhatWasObserved()
    {
        // snippet: fresh-gaps
        const double Sigma = 0.5, Lost = double.NaN;
        var measurement = new Gaps(new GaussianNoise([Sigma, Sigma, Sigma]), Gaps.Independent(0, 1));
        (double[] thetas, double[] outputs) = NoisyLine.Draw(10_000, new Rng(1));
        var network = FreshChecks.Network with { Missing = MissingValues.Embedded };
        NeuralPosterior posterior = FreshPosteriorEstimation.Train(
            new SupportBijection(NoisyLine.Prior), thetas, outputs, measurement, network, Training, new Rng(2)).Posterior;

        double[] draws = new double[2 * 1000];
        posterior.Sample([0.9, Lost, 0.3], draws, new Rng(3));
        // end-snippet
        foreach (double[] x in (double[][])[[0.9, -0.4, 0.3], [0.9, Lost, 0.3], [Lost, Lost, 1.1], [Lost, -1.3, Lost], [Lost, Lost, Lost]])
        {
            FreshChecks.AssertIsNormal(posterior, x, NoisyLine.Posterior(x, Sigma), string.Join(", ", x));
        }
    }

    [Fact]
    public void Train_OnPairsWithGaps_IsThePosteriorOfWhatWasObserved()
    {
        // The gaps are in the data, and are those that are drawn once and for all.
        (double[] thetas, double[] xs) = NoisyLine.Draw(20_000, new Rng(1));
        var measurement = new Gaps(new GaussianNoise([0.5, 0.5, 0.5]), Gaps.Independent(0.3, 0.3));
        for (int i = 0; i < xs.Length; i += 3)
        {
            measurement.Observe(xs.AsSpan(i, 3).ToArray(), [], xs.AsSpan(i, 3), new Rng(5).Split(i));
        }

        NeuralPosterior posterior = NeuralPosteriorEstimation.Train(
            new SupportBijection(NoisyLine.Prior), thetas, xs, 3, FreshChecks.Network with { Missing = MissingValues.Embedded }, Training with { MaxEpochs = 20 }, new Rng(2)).Posterior;
        foreach (double[] x in (double[][])[[0.9, -0.4, 0.3], [double.NaN, -0.4, 0.3]])
        {
            FreshChecks.AssertIsNormal(posterior, x, NoisyLine.Posterior(x, 0.5), string.Join(", ", x));
        }
    }

    [Fact]
    public void Train_OnFewSimulations_FreshNoiseBeatsNoiseDrawnOnce()
    {
        const int Few = 100, Held = 2000;
        double[] sigmas = [0.5, 0.5, 0.5];
        var noise = new GaussianNoise(sigmas);
        var bijection = new SupportBijection(NoisyLine.Prior);
        (double[] thetas, double[] outputs) = NoisyLine.Draw(Few, new Rng(1));
        TrainingOptions training = Training with { MaxEpochs = 150, Patience = 150, BatchSize = 50 };

        double[] once = Noisy(outputs, noise, new Rng(3));
        NeuralPosterior stored = NeuralPosteriorEstimation.Train(bijection, thetas, once, 3, FreshChecks.Network, training, new Rng(4)).Posterior;
        NeuralPosterior fresh = FreshPosteriorEstimation.Train(bijection, thetas, outputs, noise, FreshChecks.Network, training, new Rng(4)).Posterior;

        (double[] heldThetas, double[] heldOutputs) = NoisyLine.Draw(Held, new Rng(6));
        double[] xs = Noisy(heldOutputs, noise, new Rng(7)), logStored = new double[Held], logFresh = new double[Held];
        stored.LogProbPairs(heldThetas, xs, logStored);
        fresh.LogProbPairs(heldThetas, xs, logFresh);
        double[] gain = [.. logFresh.Zip(logStored, (a, b) => a - b)];
        double mean = gain.Average(), error = Math.Sqrt(gain.Average(g => (g - mean) * (g - mean)) / Held);
        Assert.True(mean > 4 * error, $"Fresh noise gains {mean:F4} ± {error:F4} nats a row.");
    }

    private static double[] Noisy(double[] outputs, GaussianNoise noise, Rng rng)
    {
        double[] xs = new double[outputs.Length];
        for (int i = 0; i < xs.Length; i += 3)
        {
            noise.Observe(outputs.AsSpan(i, 3), [], xs.AsSpan(i, 3), rng);
        }

        return xs;
    }
}
