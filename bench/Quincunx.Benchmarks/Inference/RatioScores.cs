using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Benchmarks;

namespace Quincunx.Benchmarks.Inference;

/// <summary>C2ST of neural ratio estimation on tasks of the sbibm benchmark, over observations 1 to 5 of one network, with the defaults for all tasks.</summary>
internal static class RatioScores
{
    private const int Observations = 5, Draws = 10_000;

    /// <param name="folder">Of the benchmark's data.</param>
    /// <param name="budget">Simulations in all.</param>
    /// <param name="tasks">Names with hyphens.</param>
    public static void Print(TextWriter output, string folder, long budget, IReadOnlyList<string> tasks)
    {
        var data = new SbibmData(folder);
        output.WriteLine("| task | C2ST 1 to 5 | mean | epochs | seconds: simulations | training | 10,000 draws | C2ST |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = SbibmProblem.Of(task);
            int d = prior.Dimension, k = model.OutputNames.Count;
            var rng = new Rng(1);
            long began = Stopwatch.GetTimestamp();
            SimulationSet set = new SimulationRunner(model).Run(prior, 0, budget, rng.Split("simulations"));
            double simulating = Since(ref began);
            NreResult result = NeuralRatioEstimation.Train(new SupportBijection(prior), set.Theta, set.X, k, new NeuralRatioOptions(), NeuralRatioEstimation.DefaultTraining, rng.Split("train"));
            double training = Since(ref began), sampling = 0, scoring = 0;
            var posterior = new SampledPosterior(prior, result.Ratio);
            double[] scores = new double[Observations], theta = new double[Draws * d];
            for (int number = 1; number <= Observations; number++)
            {
                double[] x = data.Observation(task, number, k), reference = data.Reference(task, number, d);
                began = Stopwatch.GetTimestamp();
                posterior.Sample(x, theta, rng.Split("draws").Split(number));
                sampling += Since(ref began) / Observations;
                scores[number - 1] = C2st.Run(reference, theta, d, new Rng(1)).Accuracy;
                scoring += Since(ref began) / Observations;
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {task} | {string.Join(' ', scores.Select(s => s.ToString("F3", CultureInfo.InvariantCulture)))} | {scores.Average():F3} | {result.Training.History.Count} | {simulating:F1} | {training:F1} | {sampling:F1} | {scoring:F1} |"));
            output.Flush();
        }
    }

    private static double Since(ref long began)
    {
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        began = Stopwatch.GetTimestamp();
        return seconds;
    }
}
