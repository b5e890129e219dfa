using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Samplers;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Benchmarks;

namespace Quincunx.Benchmarks.Inference;

/// <summary>C2ST of posteriors drawn from exact and learned likelihoods on tasks of the sbibm benchmark.</summary>
internal static class LikelihoodScores
{
    private const int Observations = 5, Draws = 10_000;

    private static readonly (string Name, SampledPosteriorOptions Options)[] Samplers =
    [
        ("slice", new SampledPosteriorOptions()),
        ("slice, no tempering", new SampledPosteriorOptions { MaxStages = 1 }),
        ("slice, 200 chains", new SampledPosteriorOptions { Chains = 200 }),
        ("slice, twice the moves", new SampledPosteriorOptions { StageMoves = 30, Thinning = 30 }),
        ("slice, half the moves", new SampledPosteriorOptions { StageMoves = 4, Thinning = 5 }),
        ("NUTS", new SampledPosteriorOptions { Sampler = PosteriorSampler.Nuts }),
        ("resampling, 100 prior draws each", new SampledPosteriorOptions { Sampler = PosteriorSampler.ImportanceResampling, PriorDraws = 100 }),
    ];

    /// <summary>The samplers alone, on the simulators' own likelihoods.</summary>
    /// <param name="folder">Of the benchmark's data.</param>
    /// <param name="tasks">Names with hyphens; simulators with a likelihood.</param>
    public static void PrintExact(TextWriter output, string folder, IReadOnlyList<string> tasks)
    {
        var data = new SbibmData(folder);
        output.WriteLine("| task | sampler | C2ST 1 to 5 | mean | R-hat | effective draws | evaluations | stages | seconds |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = SbibmProblem.Of(task);
            int features = model.OutputNames.Count;
            var likelihood = new ExactLikelihood((ILikelihood)model, prior.Dimension, features);
            foreach ((string name, SampledPosteriorOptions options) in Samplers)
            {
                var posterior = new SampledPosterior(prior, likelihood, options);
                List<Row> rows = [];
                for (int k = 1; k <= Observations; k++)
                {
                    rows.Add(Score(posterior, data.Observation(task, k, features), data.Reference(task, k, prior.Dimension), new Rng((ulong)k)));
                }

                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {task} | {name} | {string.Join(' ', rows.Select(r => r.C2st.ToString("F3", CultureInfo.InvariantCulture)))} | {rows.Average(r => r.C2st):F3} | {rows.Max(r => r.Report.RHat):F3} | {rows.Average(r => r.Report.Ess):F0} | {rows.Average(r => r.Report.Evaluations):F0} | {rows.Average(r => r.Report.Stages):F1} | {rows.Average(r => r.Seconds):F2} |"));
                output.Flush();
                foreach (string warning in rows.SelectMany(r => r.Report.Warnings).Distinct())
                {
                    output.WriteLine($"<!-- {warning} -->");
                }
            }
        }
    }

    /// <summary>Learned likelihoods: one network a task, for all observations.</summary>
    /// <param name="folder">Of the benchmark's data.</param>
    /// <param name="simulations">To train with.</param>
    /// <param name="arguments">Names with hyphens, and settings name=value that change the defaults for what follows.</param>
    public static void PrintLearned(TextWriter output, string folder, int simulations, IReadOnlyList<string> arguments)
    {
        var data = new SbibmData(folder);
        var network = new NeuralLikelihoodOptions();
        TrainingOptions training = NeuralLikelihoodEstimation.DefaultTraining;
        var sampling = new SampledPosteriorOptions();
        ulong seed = 1;
        int observations = Observations;
        output.WriteLine("| task | C2ST 1 to 5 | mean | R-hat | evaluations | divergence, nats | epochs | simulate and train, s | draw, s |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string argument in arguments)
        {
            if (argument.Split('=') is [string key, string value])
            {
                if (key == "observations")
                {
                    observations = int.Parse(value, CultureInfo.InvariantCulture);
                    continue;
                }

                double number = double.TryParse(value, CultureInfo.InvariantCulture, out double parsed) ? parsed : 0;
                (network, training, sampling, seed) = key switch
                {
                    "flow" => (network with { Flow = network.Flow with { Kind = Enum.Parse<FlowKind>(value, ignoreCase: true) } }, training, sampling, seed),
                    "transforms" => (network with { Flow = network.Flow with { Transforms = (int)number } }, training, sampling, seed),
                    "affine" => (network with { AffineTransforms = (int)number }, training, sampling, seed),
                    "hidden" => (network with { Flow = network.Flow with { Hidden = (int)number } }, training, sampling, seed),
                    "blocks" => (network with { Flow = network.Flow with { Blocks = (int)number } }, training, sampling, seed),
                    "bins" => (network with { Flow = network.Flow with { Bins = (int)number } }, training, sampling, seed),
                    "bound" => (network with { Flow = network.Flow with { Bound = number } }, training, sampling, seed),
                    "mixing" => (network with { Flow = network.Flow with { Mixing = number != 0 } }, training, sampling, seed),
                    "activation" => (network with { Flow = network.Flow with { Activation = Enum.Parse<Quincunx.Inference.Networks.Activation>(value, ignoreCase: true) } }, training, sampling, seed),
                    "rate" => (network, training with { LearningRate = number }, sampling, seed),
                    "batch" => (network, training with { BatchSize = (int)number }, sampling, seed),
                    "patience" => (network, training with { Patience = (int)number }, sampling, seed),
                    "average" => (network, training with { AverageDecay = number }, sampling, seed),
                    "epochs" => (network, training with { MaxEpochs = (int)number }, sampling, seed),
                    "decay" => (network, training with { WeightDecay = number }, sampling, seed),
                    "schedule" => (network, training with { Schedule = Enum.Parse<RateSchedule>(value, ignoreCase: true) }, sampling, seed),
                    "held" => (network, training with { ValidationFraction = number }, sampling, seed),
                    "stage" => (network, training, sampling with { StageMoves = (int)number }, seed),
                    "thinning" => (network, training, sampling with { Thinning = (int)number }, seed),
                    "seed" => (network, training, sampling, (ulong)number),
                    _ => throw new ArgumentException($"No setting '{key}'.", nameof(arguments)),
                };
                continue;
            }

            (ISimulator model, IDistribution prior) = SbibmProblem.Of(argument);
            int features = model.OutputNames.Count;
            long began = Stopwatch.GetTimestamp();
            SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, simulations, new Rng(seed).Split("simulate")).Successful();
            NleResult trained = NeuralLikelihoodEstimation.Train(new SupportBijection(prior), pairs.Theta, pairs.X, features, network, training, new Rng(seed).Split("train"));
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var posterior = new SampledPosterior(prior, trained.Likelihood, sampling);
            List<Row> rows = [];
            for (int k = 1; k <= observations; k++)
            {
                rows.Add(Score(posterior, data.Observation(argument, k, features), data.Reference(argument, k, prior.Dimension), new Rng((ulong)k)));
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {argument} | {string.Join(' ', rows.Select(r => r.C2st.ToString("F3", CultureInfo.InvariantCulture)))} | {rows.DefaultIfEmpty().Average(r => r?.C2st ?? double.NaN):F3} | {rows.DefaultIfEmpty().Max(r => r?.Report.RHat ?? double.NaN):F3} | {rows.DefaultIfEmpty().Average(r => r?.Report.Evaluations ?? 0):F0} | {Divergence(model, prior, trained.Likelihood, new Rng(seed).Split("held")):F3} | {trained.Training.History.Count} | {seconds:F1} | {rows.DefaultIfEmpty().Average(r => r?.Seconds ?? double.NaN):F1} |"));
            output.Flush();
            foreach (string warning in rows.SelectMany(r => r.Report.Warnings).Distinct())
            {
                output.WriteLine($"<!-- {warning} -->");
            }
        }
    }

    // The mean of log p(x | theta) - log q(x | theta) over fresh pairs.
    private static double Divergence(ISimulator model, IDistribution prior, NeuralLikelihood likelihood, Rng rng)
    {
        const int Pairs = 10_000;
        if (model is not ILikelihood exact)
        {
            return double.NaN;
        }

        SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, Pairs, rng).Successful();
        double[] exactLogs = new double[pairs.Count], logs = new double[pairs.Count];
        new ExactLikelihood(exact, prior.Dimension, likelihood.Features).LogLikelihoodPairs(pairs.Theta, pairs.X, exactLogs);
        likelihood.LogLikelihoodPairs(pairs.Theta, pairs.X, logs);
        return exactLogs.Zip(logs, (e, l) => e - l).Average();
    }

    private static Row Score(SampledPosterior posterior, double[] x, double[] reference, Rng rng)
    {
        double[] thetas = new double[Draws * posterior.Dimension];
        long began = Stopwatch.GetTimestamp();
        SamplingReport report = posterior.Run(x, Draws, thetas, rng)[0];
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new Row(report.StopReason == SamplerStop.NoFiniteStart ? 1 : C2st.Run(reference, thetas, posterior.Dimension, new Rng(1)).Accuracy, report, seconds);
    }

    private sealed record Row(double C2st, SamplingReport Report, double Seconds);
}
