using System.Diagnostics;
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

    private delegate (IPosteriorEstimator Posterior, double RHat) Train(SupportBijection bijection, SimulationPairs pairs, int features, Rng rng);

    private static readonly Dictionary<string, Train> Methods = new()
    {
        ["network"] = (bijection, pairs, features, rng) =>
        {
            BayesianNetworkResult result = BayesianNetworkEstimation.Train(bijection, pairs.Theta, pairs.X, features, new BayesianNetworkOptions(), rng);
            return (result.Posterior, result.RHat);
        },
        ["last-layer"] = (bijection, pairs, features, rng) =>
            (LastLayerEstimation.Fit(bijection, pairs.Theta, pairs.X, features, new LastLayerOptions(), rng).Posterior, double.NaN),
        ["npe"] = (bijection, pairs, features, rng) =>
            (NeuralPosteriorEstimation.Train(bijection, pairs.Theta, pairs.X, features, new NeuralPosteriorOptions(), Usual, rng).Posterior, double.NaN),
        ["ensemble"] = (bijection, pairs, features, rng) =>
            (EnsembleEstimation.Train(bijection, pairs.Theta, pairs.X, features, new EnsembleOptions(), Usual, rng).Posterior, double.NaN),
    };

    /// <param name="sets">Of 32 simulations, each with 200 held-out pairs.</param>
    /// <param name="words">Tasks, and methods where not all of them are wanted.</param>
    public static void Print(TextWriter output, int sets, IReadOnlyList<string> words)
    {
        output.WriteLine("| task | posterior | 90 % intervals cover | between sets, sd | 90 % regions cover | between sets, sd | median log q of the truth over prior | R-hat, median and largest | seconds a set |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        string[] methods = [.. Methods.Keys.Where(words.Contains)];
        foreach (string task in words.Where(w => !Methods.ContainsKey(w)))
        {
            foreach (string method in methods.Length > 0 ? methods : [.. Methods.Keys])
            {
                output.WriteLine(Row(task, method, sets));
                output.Flush();
            }
        }
    }

    private static string Row(string task, string method, int sets)
    {
        (ISimulator model, IDistribution prior) = BalanceScores.Problem(task);
        int d = prior.Dimension, k = model.OutputNames.Count;
        List<double> intervals = [], regions = [], gains = [], rHats = [];
        TimeSpan spent = TimeSpan.Zero;
        for (int set = 0; set < sets; set++)
        {
            Rng rng = new Rng(1).Split(set);
            SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, Few, rng.Split("simulations")).Successful();
            SimulationPairs held = new SimulationRunner(model).Run(prior, 0, Held, rng.Split("held")).Successful();
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            (IPosteriorEstimator posterior, double rHat) = Methods[method](new SupportBijection(prior), pairs, k, rng.Split("train"));
            spent += Process.GetCurrentProcess().TotalProcessorTime - before;
            SbcResult calibration = SimulationBasedCalibration.Run(posterior, held.Theta, held.X, rng.Split("draws"), new SbcOptions { Draws = 199 });
            intervals.Add(calibration.Quantities.Take(d).SelectMany(q => q.Uniforms).Average(u => Math.Abs(u - 0.5) < 0.45 ? 1.0 : 0.0));
            regions.Add(calibration.Density.Uniforms.Average(u => u >= 0.1 ? 1.0 : 0.0));
            double[] logs = new double[held.Count];
            posterior.LogProbPairs(held.Theta, held.X, logs);
            gains.AddRange(logs.Select((log, i) => log - prior.LogProb(held.Theta.AsSpan(i * d, d))));
            rHats.Add(rHat);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {task} | {method} | {intervals.Average():F3} | {Deviation(intervals):F3} | {regions.Average():F3} | {Deviation(regions):F3} | {Timing.Median(gains):F2} | {Timing.Median(rHats):F2}, {rHats.Max():F2} | {spent.TotalSeconds / sets:F1} |");
    }

    private static double Deviation(List<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
