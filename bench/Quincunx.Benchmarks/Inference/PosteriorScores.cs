using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.MixtureDensity;
using Quincunx.Inference.ScoreModels;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Benchmarks;

namespace Quincunx.Benchmarks.Inference;

/// <summary>C2ST of amortised posteriors on tasks of the sbibm benchmark, the mean over observations 1 to 5, with one set of options for all tasks: the defaults.</summary>
internal static class PosteriorScores
{
    private const int Observations = 5, Draws = 10_000;

    private delegate (IPosteriorEstimator Posterior, TrainingResult Training) Train(SupportBijection bijection, SimulationPairs pairs, int features, Rng rng);

    private static readonly Dictionary<string, Train> Methods = new()
    {
        ["flow-matching"] = (bijection, pairs, features, rng) =>
        {
            ScoreResult result = FlowMatching.Train(bijection, pairs.Theta, pairs.X, features, new FlowMatchingOptions(), FlowMatching.DefaultTraining, rng);
            return (result.Posterior, result.Training);
        },
        ["diffusion"] = (bijection, pairs, features, rng) =>
        {
            ScoreResult result = ScoreEstimation.Train(bijection, pairs.Theta, pairs.X, features, new ScoreEstimationOptions(), ScoreEstimation.DefaultTraining, rng);
            return (result.Posterior, result.Training);
        },
        ["mixture-density"] = (bijection, pairs, features, rng) =>
        {
            MixtureDensityResult result = MixtureDensityEstimation.Train(
                bijection, pairs.Theta, pairs.X, features, new MixtureDensityOptions(), new TrainingOptions { BatchSize = 100, MaxEpochs = 150 }, rng);
            return (result.Posterior, result.Training);
        },
    };

    /// <param name="folder">Of the benchmark's data.</param>
    /// <param name="budget">Simulations for the one network that serves all observations.</param>
    /// <param name="seed">Of simulations, training and draws.</param>
    /// <param name="tasks">Names with hyphens.</param>
    public static void Print(TextWriter output, string method, string folder, int budget, ulong seed, IReadOnlyList<string> tasks)
    {
        if (!Methods.TryGetValue(method, out Train? train))
        {
            throw new ArgumentException($"Expected {string.Join(", ", Methods.Keys)}, got '{method}'.", nameof(method));
        }

        var data = new SbibmData(folder);
        output.WriteLine("| task | method | C2ST 1 to 5 | mean | training, seconds | 10,000 draws, seconds |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = SbibmProblem.Of(task);
            var rng = new Rng(seed);
            int features = model.OutputNames.Count;
            SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, budget, rng.Split("simulate")).Successful();
            long began = Stopwatch.GetTimestamp();
            (IPosteriorEstimator posterior, TrainingResult training) = train(new SupportBijection(prior), pairs, features, rng.Split("train"));
            double trained = Stopwatch.GetElapsedTime(began).TotalSeconds, drawn = 0;
            double[] scores = new double[Observations], theta = new double[Draws * prior.Dimension];
            for (int k = 1; k <= Observations; k++)
            {
                began = Stopwatch.GetTimestamp();
                posterior.Sample(data.Observation(task, k, features), theta, rng.Split("sample"));
                drawn += Stopwatch.GetElapsedTime(began).TotalSeconds / Observations;
                scores[k - 1] = C2st.Run(data.Reference(task, k, prior.Dimension), theta, prior.Dimension, new Rng(1)).Accuracy;
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {task} | {method} | {string.Join(' ', scores.Select(s => s.ToString("F3", CultureInfo.InvariantCulture)))} | {scores.Average():F3} | {trained:F1} ({training.Steps} steps) | {drawn:F1} |"));
            output.Flush();
        }
    }
}
