using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Oscillators;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Efficiency of importance sampling from NPE and from GNPE on a damped oscillator with an unknown time of the stroke: same simulations, same network.</summary>
internal static class EquivariantScores
{
    private const int Samples = 201, Draws = 4000, Chains = 1000;
    private const double Step = 0.05;

    /// <param name="kernelSeconds">Standard deviation of the blur.</param>
    /// <param name="epochs">Of every training.</param>
    public static void Print(TextWriter output, int simulations, int seeds, int observations, double kernelSeconds, int epochs)
    {
        var model = new DampedOscillator(Samples, endSeconds: Step * (Samples - 1));
        var prior = new IndependentProduct(("omega_0", new Uniform(3, 10)), ("beta", new Uniform(0.2, 0.5)), ("tau", new Uniform(0, 5)));
        var bijection = new SupportBijection(prior);
        var network = new NeuralPosteriorOptions { Embedding = new MlpEmbeddingOptions { Hidden = [128, 128], Outputs = 16 } };
        var options = new EquivariantOptions
        {
            Kernel = new Normal(0, kernelSeconds),
            Network = network,
            Start = new NeuralPosteriorOptions { Embedding = new MlpEmbeddingOptions { Hidden = [128, 128], Outputs = 16 } },
        };
        var group = new SignalTranslation(dimension: 3, timeParameter: 2, Samples, Step);
        SimulationSet observed = new SimulationRunner(model).Run(prior, 0, observations, new Rng(1000));
        TrainingOptions training = NeuralPosteriorEstimation.DefaultTraining with { MaxEpochs = epochs, Patience = epochs };
        List<double> ratios = [], jointRatios = [];
        output.WriteLine("| seed | NPE: mean, median | GNPE, theta: mean, median | GNPE, theta and pose: mean, median | better than NPE | not converged | iterations | k above 0.7: NPE, GNPE, joint | seconds: NPE, GNPE, draws |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for (int seed = 1; seed <= seeds; seed++)
        {
            var rng = new Rng((ulong)seed);
            SimulationSet set = new SimulationRunner(model).Run(prior, 0, simulations, rng.Split("simulations"));
            long began = Stopwatch.GetTimestamp();
            NeuralPosterior plain = NeuralPosteriorEstimation.Train(bijection, set.Theta, set.X, Samples, network, training, rng.Split("npe")).Posterior;
            double plainSeconds = Since(ref began);
            EquivariantPosterior posed = EquivariantPosteriorEstimation.Train(group, bijection, set.Theta, set.X, options, training, rng.Split("gnpe")).Posterior;
            double posedSeconds = Since(ref began);
            var scores = new double[observations][];
            int unconverged = 0;
            double iterations = 0;
            int[] heavy = new int[3];
            for (int i = 0; i < observations; i++)
            {
                double[] x = observed.X[(i * Samples)..((i + 1) * Samples)];
                Rng own = rng.Split("draws").Split(i);
                GibbsResult run = posed.Run(x, Chains, own.Split("chains"));
                unconverged += run.StopReason == GibbsStop.Converged ? 0 : 1;
                iterations += (double)run.Iterations / observations;
                ReweightedDraws[] draws =
                [
                    PosteriorReweighting.ByLikelihood(new ConditionedPosterior(plain, x), prior, model, x).Draw(Draws, own.Split("npe")),
                    PosteriorReweighting.ByLikelihood(posed.Mixture(x, run), prior, model, x).Draw(Draws, own.Split("mixture")),
                    PosteriorReweighting.ByLikelihood(posed.Joint(x, run), posed.WithPose(prior), new PosedLikelihood(model, 3), x).Draw(Draws, own.Split("joint")),
                ];
                scores[i] = [.. draws.Select(d => d.Weights.Efficiency)];
                for (int m = 0; m < 3; m++)
                {
                    heavy[m] += draws[m].Weights.ParetoK > 0.7 ? 1 : 0;
                }
            }

            double Mean(int m) => scores.Average(s => s[m]);
            double Median(int m) => scores.Select(s => s[m]).Order().ElementAt(observations / 2);
            ratios.Add(Mean(1) / Mean(0));
            jointRatios.Add(Mean(2) / Mean(0));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {seed} | {Mean(0):F4}, {Median(0):F4} | {Mean(1):F4}, {Median(1):F4} | {Mean(2):F4}, {Median(2):F4} | {scores.Count(s => s[1] > s[0])} of {observations} | {unconverged} | {iterations:F1} | {heavy[0]}, {heavy[1]}, {heavy[2]} | {plainSeconds:F0}, {posedSeconds:F0}, {Since(ref began):F0} |"));
            output.Flush();
        }

        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ratio of mean efficiencies, over seeds: theta {Summary(ratios)}, theta and pose {Summary(jointRatios)}."));
    }

    private static string Summary(List<double> values)
    {
        double mean = values.Average(), spread = values.Count > 1 ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count) : double.NaN;
        return string.Create(CultureInfo.InvariantCulture, $"{mean:F2} ± {spread:F2}");
    }

    private static double Since(ref long began)
    {
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        began = Stopwatch.GetTimestamp();
        return seconds;
    }
}
