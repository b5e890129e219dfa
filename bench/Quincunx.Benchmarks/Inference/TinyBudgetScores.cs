using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Coverage of 90 % intervals with 32 simulations, over many training sets.</summary>
internal static class TinyBudgetScores
{
    private const int Few = 32, Held = 200;

    private static readonly TrainingOptions Usual = NeuralPosteriorEstimation.DefaultTraining with { MaxEpochs = 50, Patience = 50 };

    private delegate IPosteriorEstimator Train(SupportBijection bijection, SimulationPairs pairs, int features, Rng rng);

    private static readonly Dictionary<string, Train> Methods = new()
    {
        ["last layer"] = (bijection, pairs, features, rng) => LastLayerEstimation.Fit(bijection, pairs.Theta, pairs.X, features, new LastLayerOptions(), rng).Posterior,
        ["npe"] = (bijection, pairs, features, rng) =>
            NeuralPosteriorEstimation.Train(bijection, pairs.Theta, pairs.X, features, new NeuralPosteriorOptions(), Usual, rng).Posterior,
        ["ensemble of 10"] = (bijection, pairs, features, rng) =>
            EnsembleEstimation.Train(bijection, pairs.Theta, pairs.X, features, new EnsembleOptions(), Usual, rng).Posterior,
    };

    /// <param name="sets">Of 32 simulations, each with 200 held-out pairs.</param>
    public static void Print(TextWriter output, int sets, IReadOnlyList<string> tasks)
    {
        output.WriteLine("| task | posterior | 90 % intervals cover | between sets, sd | 90 % regions cover | median log q of the truth over prior |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = BalanceScores.Problem(task);
            int d = prior.Dimension, k = model.OutputNames.Count;
            foreach ((string name, Train train) in Methods)
            {
                List<double> intervals = [], regions = [], gains = [];
                for (int set = 0; set < sets; set++)
                {
                    Rng rng = new Rng(1).Split(set);
                    SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, Few, rng.Split("simulations")).Successful();
                    SimulationPairs held = new SimulationRunner(model).Run(prior, 0, Held, rng.Split("held")).Successful();
                    IPosteriorEstimator posterior = train(new SupportBijection(prior), pairs, k, rng.Split("train"));
                    SbcResult calibration = SimulationBasedCalibration.Run(posterior, held.Theta, held.X, rng.Split("draws"), new SbcOptions { Draws = 199 });
                    intervals.Add(calibration.Quantities.Take(d).SelectMany(q => q.Uniforms).Average(u => Math.Abs(u - 0.5) < 0.45 ? 1.0 : 0.0));
                    regions.Add(calibration.Density.Uniforms.Average(u => u >= 0.1 ? 1.0 : 0.0));
                    double[] logs = new double[held.Count];
                    posterior.LogProbPairs(held.Theta, held.X, logs);
                    gains.AddRange(logs.Select((log, i) => log - prior.LogProb(held.Theta.AsSpan(i * d, d))));
                }

                double mean = intervals.Average();
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {task} | {name} | {mean:F3} | {Math.Sqrt(intervals.Average(c => (c - mean) * (c - mean))):F3} | {regions.Average():F3} | {gains.Order().ElementAt(gains.Count / 2):F2} |"));
                output.Flush();
            }
        }
    }
}
