using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>What an embedding that knows the layout is worth: divergence from the exact posterior on fresh pairs, beside no embedding and an MLP of as many weights, from the same simulations.</summary>
internal static class EmbeddingScores
{
    private const int Fresh = 500;

    /// <param name="decay">Of the weights, at 10,000 simulations; the default of training is 1.</param>
    /// <param name="problems">Names of <see cref="LayoutProblem"/>.</param>
    public static void Print(TextWriter output, int simulations, int seeds, int epochs, double decay, IReadOnlyList<string> problems)
    {
        output.WriteLine("| problem | simulations | embedding | weights | nats above the exact posterior: median (each seed) | seconds of a training |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (LayoutProblem problem in problems.Select(LayoutProblem.Of))
        {
            int d = problem.Prior.Dimension;
            var bijection = new SupportBijection(problem.Prior);
            (double[] thetas, double[] xs) = Pairs(problem, Fresh, new Rng(1000));
            double exact = problem.LogPosterior(thetas, xs).Average();
            foreach ((string name, EmbeddingOptions? embedding) in Networks(problem, bijection))
            {
                NeuralPosteriorOptions network = Network(embedding);
                List<double> divergences = [];
                double seconds = 0;
                for (int seed = 1; seed <= seeds; seed++)
                {
                    var rng = new Rng((ulong)seed);
                    (double[] seenThetas, double[] seenXs) = Pairs(problem, simulations, rng.Split("simulations"));
                    long began = Stopwatch.GetTimestamp();
                    TrainingOptions training = NeuralPosteriorEstimation.DefaultTraining with { MaxEpochs = epochs, Patience = epochs, WeightDecay = decay };
                    NeuralPosterior posterior = NeuralPosteriorEstimation.Train(bijection, seenThetas, seenXs, problem.Features, network, training, rng.Split("training")).Posterior;
                    seconds += Stopwatch.GetElapsedTime(began).TotalSeconds / seeds;
                    double[] logs = new double[Fresh];
                    posterior.LogProbPairs(thetas, xs, logs);
                    divergences.Add(exact - logs.Average());
                }

                string each = string.Join(", ", divergences.Select(v => v.ToString("F2", CultureInfo.InvariantCulture)));
                int weights = Weights(bijection, problem.Features, embedding);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {problem.Name} | {simulations} | {name} | {weights} | {divergences.Order().ElementAt(seeds / 2):F2} ({each}) | {seconds:F0} |"));
                output.Flush();
            }
        }
    }

    private static IEnumerable<(string, EmbeddingOptions?)> Networks(LayoutProblem problem, SupportBijection bijection)
    {
        yield return ("none", null);
        yield return ("mlp", Matched(problem, bijection));
        foreach ((string name, EmbeddingOptions options) in problem.Embeddings)
        {
            yield return (name, options);
        }
    }

    // Two equal hidden layers, as many weights as the first embedding or a few more.
    private static MlpEmbeddingOptions Matched(LayoutProblem problem, SupportBijection bijection)
    {
        EmbeddingOptions first = problem.Embeddings[0].Options;
        int wanted = Weights(bijection, problem.Features, first), width = 1;
        while (Weights(bijection, problem.Features, Mlp(width)) < wanted)
        {
            width++;
        }

        return Mlp(width);

        MlpEmbeddingOptions Mlp(int hidden) => new() { Hidden = [hidden, hidden], Outputs = first.Outputs };
    }

    private static NeuralPosteriorOptions Network(EmbeddingOptions? embedding) => new() { Embedding = embedding, Flow = new FlowOptions { Transforms = 2, Hidden = 32, Blocks = 1, Bins = 8 } };

    private static int Weights(SupportBijection bijection, int features, EmbeddingOptions? embedding) =>
        ParameterTree.Of(NeuralPosteriorEstimation.Untrained(bijection, features, Network(embedding))).TrainedCount;

    private static (double[] Thetas, double[] Xs) Pairs(LayoutProblem problem, int count, Rng rng)
    {
        int d = problem.Prior.Dimension;
        double[] thetas = new double[count * d], xs = new double[count * problem.Features];
        for (int i = 0; i < count; i++)
        {
            Rng own = rng.Split(i);
            problem.Prior.Sample(thetas.AsSpan(i * d, d), own);
            problem.Simulate(thetas.AsSpan(i * d, d), xs.AsSpan(i * problem.Features, problem.Features), own);
        }

        return (thetas, xs);
    }
}
