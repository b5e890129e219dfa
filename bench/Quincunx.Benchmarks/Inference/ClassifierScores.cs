using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Benchmarks;

namespace Quincunx.Benchmarks.Inference;

/// <summary>C2ST of neural posteriors on tasks of the sbibm benchmark before and after weights by classifiers, learned from the pairs that the posterior was trained on or from as many others.</summary>
internal static class ClassifierScores
{
    private const int Observations = 5, Draws = 4000;

    /// <param name="folder">Of the benchmark's data.</param>
    /// <param name="simulations">For the posterior; the weights have these, or as many others.</param>
    /// <param name="tasks">Names with hyphens.</param>
    public static void Print(TextWriter output, string folder, int simulations, ulong seed, IReadOnlyList<string> tasks)
    {
        var data = new SbibmData(folder);
        output.WriteLine("| task | simulations | weights from | rounds kept | gain of each round, nats | weights: efficiency, k-hat, over 5 observations | C2ST 1 to 5 | mean |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = SbibmProblem.Of(task);
            Rng rng = new Rng(seed).Split("classifier").Split(task);
            int features = model.OutputNames.Count;
            var runner = new SimulationRunner(model);
            SimulationPairs pairs = runner.Run(prior, 0, simulations, rng.Split("simulate")).Successful(), others = runner.Run(prior, simulations, 2 * simulations, rng.Split("simulate")).Successful();
            var bijection = new SupportBijection(prior);
            NeuralPosterior posterior = NeuralPosteriorEstimation.Train(bijection, pairs.Theta, pairs.X, features, new NeuralPosteriorOptions(), ImportanceScores.Training, rng.Split("train")).Posterior;
            Row("none", null, posterior);
            foreach ((string name, SimulationPairs of) in new[] { ("the same pairs", pairs), ("other pairs", others) })
            {
                var options = new ClassifierReweightingOptions();
                ClassifierReweightingResult result = ClassifierReweighting.Train(posterior, bijection, of.Theta, of.X, features, options with { Training = options.Training with { Threads = 1 } }, rng.Split("weights"));
                Row(name, result, result.Posterior);
            }

            void Row(string name, ClassifierReweightingResult? result, IPosteriorEstimator estimator)
            {
                double[] scores = new double[Observations], theta = new double[Draws * prior.Dimension];
                List<ImportanceWeights> weights = [];
                for (int k = 1; k <= Observations; k++)
                {
                    estimator.Sample(data.Observation(task, k, features), theta, rng.Split("sample").Split(k));
                    weights.AddRange(result?.Posterior.PoolWeights ?? []);
                    scores[k - 1] = C2st.Run(data.Reference(task, k, prior.Dimension)[..theta.Length], theta, prior.Dimension, new Rng(1)).Accuracy;
                }

                string gains = result is null ? "" : string.Join(", ", result.Rounds.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Gain:F4} ± {r.GainError:F4}")));
                string worth = weights.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{weights.Min(w => w.Efficiency):F2} to {weights.Max(w => w.Efficiency):F2}, {weights.Min(w => w.ParetoK):F2} to {weights.Max(w => w.ParetoK):F2}");
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {task} | {simulations} | {name} | {result?.Posterior.Rounds} | {gains} | {worth} | {string.Join(' ', scores.Select(s => s.ToString("F3", CultureInfo.InvariantCulture)))} | {scores.Average():F3} |"));
                output.Flush();
            }
        }
    }
}
