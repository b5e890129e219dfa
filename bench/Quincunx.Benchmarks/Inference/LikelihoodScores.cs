using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Samplers;
using Quincunx.Inference.Simulation;
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
        ("slice, twice the moves", new SampledPosteriorOptions { StageMoves = 16, Thinning = 20 }),
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
