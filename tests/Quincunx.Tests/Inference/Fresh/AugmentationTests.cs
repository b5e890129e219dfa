using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Fresh;

public sealed class AugmentationTests(ITestOutputHelper output)
{
    private const int Events = 10;

    private static readonly SupportBijection Bijection = new(NoisyLine.Prior);

    [Fact]
    [Trait("Category", "Slow")]
    public void Train_OnFewSimulations_ASymmetryBeatsNone()
    {
        const int Few = 200, Held = 2000;
        (double[] thetas, double[] xs) = Scattered(Few, new Rng(1));
        var bijection = new SupportBijection(new Normal(0, 1));
        TrainingOptions training = FreshPosteriorEstimation.DefaultTraining with { MaxEpochs = 100, Patience = 100, BatchSize = 50, LearningRate = 3e-3 };
        NeuralPosterior plain = FreshPosteriorEstimation.Train(bijection, thetas, xs, null, FreshChecks.Network, training, new Rng(4)).Posterior;

        // snippet: augmented
        NeuralPosterior augmented = FreshPosteriorEstimation.Train(
            bijection, thetas, xs, measurement: null, FreshChecks.Network, training, new Rng(4), augmentation: new ShuffledEvents(Events)).Posterior;
        // end-snippet
        (double[] heldThetas, double[] heldXs) = Scattered(Held, new Rng(6));
        double[] without = new double[Held], with = new double[Held];
        plain.LogProbPairs(heldThetas, heldXs, without);
        augmented.LogProbPairs(heldThetas, heldXs, with);
        double[] gain = [.. with.Zip(without, (a, b) => a - b)];
        double mean = gain.Average(), error = Math.Sqrt(gain.Average(g => (g - mean) * (g - mean)) / Held);
        output.WriteLine($"{mean:F4} ± {error:F4}");
        Assert.True(mean > 4 * error, $"The symmetry gains {mean:F4} ± {error:F4} nats a row.");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Train_OnManySimulations_IsThePosterior()
    {
        (double[] thetas, double[] outputs) = NoisyLine.Draw(5000, new Rng(1));
        TrainingOptions training = FreshPosteriorEstimation.DefaultTraining with { MaxEpochs = 40, LearningRate = 3e-3 };
        NeuralPosterior posterior = FreshPosteriorEstimation.Train(
            Bijection, thetas, outputs, new GaussianNoise([0.5, 0.5, 0.5]), FreshChecks.Network, training, new Rng(2), new Signs()).Posterior;
        foreach (double[] x in (double[][])[[0.9, -0.4, 0.3], [-0.5, 1.1, -1.4]])
        {
            FreshChecks.AssertIsNormal(posterior, x, NoisyLine.Posterior(x, 0.5), string.Join(", ", x));
        }
    }

    [Fact]
    public void Shuffled_KeepsEventsTogetherAndGivesEveryOrderAlike()
    {
        const int Draws = 6000;
        var shuffled = new ShuffledEvents(events: 3, features: 2);
        var rng = new Rng(1);
        Dictionary<string, int> orders = [];
        for (int i = 0; i < Draws; i++)
        {
            double[] theta = [5], events = [1, 10, 2, 20, 3, 30];
            shuffled.Change(theta, events, rng);
            Assert.Equal(5, theta[0]);
            Assert.All(Enumerable.Range(0, 3), e => Assert.Equal(10 * events[2 * e], events[(2 * e) + 1]));
            string order = string.Join(' ', events.Where((_, j) => j % 2 == 0));
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        // Six orders of 1,000 expected each: five standard errors.
        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, n => Assert.InRange(n, 1000 - (5 * 29), 1000 + (5 * 29)));
    }

    [Fact]
    public void BadInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ShuffledEvents(2).Change([0], [1, 2, 3], new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShuffledEvents(0));
        var positive = new SupportBijection(new IndependentProduct(("a", new LogNormal(0, 1)), ("b", new LogNormal(0, 1))));
        double[] ones = [.. Enumerable.Repeat(1.0, 40)], xs = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        string message = Assert.Throws<ArgumentException>(
            () => FreshPosteriorEstimation.Train(positive, ones, xs, null, FreshChecks.Network, FreshChecks.Short, new Rng(1), new Signs())).Message;
        Assert.Contains("inside the prior's support", message, StringComparison.Ordinal);
    }

    // Events of N(0, exp(2 theta)), theta of N(0, 1).
    private static (double[] Thetas, double[] Xs) Scattered(int count, Rng rng)
    {
        double[] thetas = new double[count], xs = new double[count * Events];
        rng.Split("theta").FillNormal(thetas);
        rng.Split("events").FillNormal(xs);
        for (int i = 0; i < xs.Length; i++)
        {
            xs[i] *= Math.Exp(thetas[i / Events]);
        }

        return (thetas, xs);
    }
}
