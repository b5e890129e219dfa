using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Flows;

namespace Quincunx.Tests.Inference.Npe;

/// <summary>Small neural posteriors that were not trained: with the weights they start with (exactly normal), or moved to somewhere odd.</summary>
internal static class ScatteredPosterior
{
    public const int Features = 2;

    public static NeuralPosteriorOptions Options(FlowKind kind, bool embedding = false) => new()
    {
        Flow = new FlowOptions { Kind = kind, Transforms = 2, Hidden = 8, Blocks = 1, Bins = 6 },
        Embedding = embedding ? new MlpEmbeddingOptions { Hidden = [8], Outputs = 3 } : null,
    };

    /// <summary>Normal in unconstrained coordinates, whatever x is: the flow is the identity, the scales are given.</summary>
    public static NeuralPosterior Normal(IDistribution prior, double[] mean, double[] sd, FlowKind kind = FlowKind.SplineAutoregressive)
    {
        // Two rows whose mean and standard deviation are those asked for.
        double[] rows = [.. mean.Zip(sd, (m, s) => m - s), .. mean.Zip(sd, (m, s) => m + s)];
        return new NeuralPosterior(new SupportBijection(prior), Standardise.Fit(rows, mean.Length), Scaling(), Options(kind), new Rng(1));
    }

    public static NeuralPosterior Create(IDistribution prior, FlowKind kind = FlowKind.SplineAutoregressive, bool embedding = false, double scatter = 0.1)
    {
        var rng = new Rng(11);
        var bijection = new SupportBijection(prior);
        double[] thetas = new double[200 * prior.Dimension];
        for (int i = 0; i < 200; i++)
        {
            prior.Sample(thetas.AsSpan(i * prior.Dimension, prior.Dimension), rng);
        }

        bijection.ToUnconstrained(thetas, thetas);
        var posterior = new NeuralPosterior(bijection, Standardise.Fit(thetas, prior.Dimension), Scaling(), Options(kind, embedding), rng.Split("weights"));

        // Little enough that the mass stays away from the edges of a box, where no grid in theta resolves it.
        BijectionCases.Scatter(posterior, rng.Split("scatter"), scatter);
        return posterior;
    }

    private static FeatureScaling Scaling() => FeatureScaling.Fit([-1, 0, 0, 1, 1, 3], Features);
}
