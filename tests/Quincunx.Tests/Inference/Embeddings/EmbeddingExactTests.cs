using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Embeddings;

/// <summary>Posteriors through an embedding against closed forms.</summary>
public sealed class EmbeddingExactTests
{
    private const int Most = 20;

    // The mean of a normal with a normal prior, both of variance 1: after n events, mean Σ x / (n + 1) and variance 1 / (n + 1). How many events there are the network knows from the padding alone.
    [Theory, InlineData(false), InlineData(true), Trait("Category", "Slow")]
    public void Posterior_OfANormalMeanFromSetsOfAnySize_IsTheClosedForm(bool attention)
    {
        const int Rows = 12_000;
        var rng = new Rng(1);
        double[] thetas = new double[Rows], xs = new double[Rows * Most];
        for (int i = 0; i < Rows; i++)
        {
            thetas[i] = rng.NextNormal();
            Events(thetas[i], 1 + rng.NextInt32(Most), xs.AsSpan(i * Most, Most), rng);
        }

        // snippet: embeddings
        var network = new NeuralPosteriorOptions
        {
            Embedding = new DeepSetEmbeddingOptions { Features = 1, Hidden = [32], Width = 32, Outputs = 8 },
            Missing = MissingValues.Embedded,                   // NaN: no event at that place of the row
            Flow = new FlowOptions { Kind = FlowKind.AffineAutoregressive, Transforms = 1, Hidden = 32, Blocks = 1 },
        };
        // end-snippet

        if (attention)
        {
            network = network with { Embedding = new SetTransformerEmbeddingOptions { Width = 16, Heads = 2, Blocks = 1, Outputs = 8 } };
        }

        NeuralPosterior posterior = NeuralPosteriorEstimation.Train(
            new SupportBijection(new Normal(0, 1)), thetas, xs, Most, network, NeuralPosteriorEstimation.DefaultTraining with { MaxEpochs = attention ? 10 : 15, WeightDecay = 0.1 }, new Rng(2)).Posterior;
        const int Fresh = 300;
        double[] points = new double[Fresh], sets = new double[Fresh * Most], logs = new double[Fresh];
        foreach (int n in (ReadOnlySpan<int>)[1, 5, 20])
        {
            double exact = 0;
            for (int i = 0; i < Fresh; i++)
            {
                Rng own = new Rng(3).Split(n).Split(i);
                Span<double> x = sets.AsSpan(i * Most, Most);
                points[i] = own.NextNormal();
                Events(points[i], n, x, own);
                double sum = 0;
                foreach (double value in x)
                {
                    sum += double.IsNaN(value) ? 0 : value;
                }

                double apart = points[i] - (sum / (n + 1));
                exact += (0.5 * Math.Log((n + 1) / (2 * Math.PI))) - (0.5 * (n + 1) * apart * apart);
            }

            posterior.LogProbPairs(points, sets, logs);
            double divergence = (exact - logs.Sum()) / Fresh;

            // With one deviation for every n it would be 0.5 nats at n = 1; the mean alone, 0.3 deviations off, costs 0.045. The difference of the two means has a standard error of about 0.01.
            Assert.True(divergence is > -0.05 and < 0.06, $"{n} events: {divergence} nats");
        }
    }

    // At random places of the row: which are taken is nothing.
    private static void Events(double theta, int count, Span<double> x, Rng rng)
    {
        x.Fill(double.NaN);
        int[] places = [.. Enumerable.Range(0, Most)];
        rng.Shuffle<int>(places);
        foreach (int place in places[..count])
        {
            x[place] = theta + rng.NextNormal();
        }
    }
}
