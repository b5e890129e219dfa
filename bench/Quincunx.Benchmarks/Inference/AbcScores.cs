using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Abc;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Benchmarks;

namespace Quincunx.Benchmarks.Inference;

/// <summary>C2ST of approximate Bayesian computation on tasks of the sbibm benchmark, the mean over observations 1 to 5, with one set of options for all tasks.</summary>
internal static class AbcScores
{
    private const int Observations = 5, Draws = 10_000;

    private static readonly (string Name, Func<ISimulator, IDistribution, long, double[], Rng, AbcResult> Run)[] Methods =
    [
        ("rejection", (model, prior, budget, x, rng) => new RejectionAbc(model, prior, new RejectionAbcOptions { Budget = budget }).Run(x, rng)),
        ("rejection, linear", (model, prior, budget, x, rng) => new RejectionAbc(model, prior, new RejectionAbcOptions { Budget = budget, AcceptedShare = 0.05, Regression = new RegressionOptions() }).Run(x, rng)),
        ("rejection, neural", (model, prior, budget, x, rng) =>
            new RejectionAbc(model, prior, new RejectionAbcOptions { Budget = budget, AcceptedShare = 0.1, Regression = new RegressionOptions { Kind = RegressionKind.Neural } }).Run(x, rng)),
        ("SMC", (model, prior, budget, x, rng) => new SmcAbc(model, prior, new SmcAbcOptions { Budget = budget }).Run(x, rng)),
        ("SMC, linear", (model, prior, budget, x, rng) => new SmcAbc(model, prior, new SmcAbcOptions { Budget = budget, Regression = new RegressionOptions() }).Run(x, rng)),
    ];

    /// <param name="folder">Of the benchmark's data.</param>
    /// <param name="budget">Simulations for each observation.</param>
    /// <param name="tasks">Names with hyphens.</param>
    public static void Print(TextWriter output, string folder, long budget, IReadOnlyList<string> tasks)
    {
        var data = new SbibmData(folder);
        output.WriteLine("| task | method | C2ST 1 to 5 | mean | effective draws | seconds |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = SbibmProblem.Of(task);
            foreach ((string name, Func<ISimulator, IDistribution, long, double[], Rng, AbcResult> run) in Methods)
            {
                double[] scores = new double[Observations];
                double size = 0, seconds = 0;
                for (int k = 1; k <= Observations; k++)
                {
                    var rng = new Rng((ulong)k);
                    long began = Stopwatch.GetTimestamp();
                    AbcResult result = run(model, prior, budget, data.Observation(task, k, model.OutputNames.Count), rng.Split(name));
                    double[] theta = new double[Draws * prior.Dimension];
                    new AbcPosterior(new SupportBijection(prior), result.Draws).Sample(theta, rng.Split("sample"));
                    seconds += Stopwatch.GetElapsedTime(began).TotalSeconds / Observations;
                    size += result.Draws.EffectiveSampleSize / Observations;
                    scores[k - 1] = C2st.Run(data.Reference(task, k, prior.Dimension), theta, prior.Dimension, new Rng(1)).Accuracy;
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {task} | {name} | {string.Join(' ', scores.Select(s => s.ToString("F3", CultureInfo.InvariantCulture)))} | {scores.Average():F3} | {size:F0} | {seconds:F1} |"));
                output.Flush();
            }
        }
    }
}
