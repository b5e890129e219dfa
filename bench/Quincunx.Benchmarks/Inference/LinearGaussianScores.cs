using System.Globalization;
using Quincunx.Inference.Distributions;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Benchmarks.Inference;

/// <summary>How near every method of a study, with its defaults, comes to the closed form of <see cref="CoupledGaussian"/> in any dimension.</summary>
internal static class LinearGaussianScores
{
    private const int Draws = 4000;

    // Those of the benchmark and what it leaves out.
    private static readonly SbibmMethod[] Methods =
    [
        .. SbibmMethod.All, new("tmnre", "tmnre", 1, ""), new("carl", "carl", 1, ""),
    ];

    /// <param name="methods">Names with commas between, or all.</param>
    /// <param name="budget">Simulations of all rounds. A method of one round has one network for both observations: of theta = 0 and of ±1 in turn, without noise.</param>
    /// <param name="sampler">Of the methods whose draws are made by chains; null for the default.</param>
    public static void Print(TextWriter output, string methods, int budget, IReadOnlyList<int> dimensions, string? sampler)
    {
        string[] named = methods == "all" ? [.. Methods.Select(m => m.Name)] : methods.Split(',');
        output.WriteLine("| method | d | simulations | error of the means, sd | sd over exact | largest error of a correlation | R-hat | seconds |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (int d in dimensions)
        {
            foreach (SbibmMethod method in Methods.Where(m => named.Contains(m.Name, StringComparer.Ordinal)))
            {
                string folder = Directory.CreateTempSubdirectory("quincunx-linear-gaussian-").FullName;
                try
                {
                    output.WriteLine($"| {method.Name} | {d} | {budget} | {Score(new CoupledGaussian(d), method, budget, sampler, folder)} |");
                }
                finally
                {
                    Directory.Delete(folder, recursive: true);
                }

                output.Flush();
            }
        }
    }

    private static string Score(CoupledGaussian model, SbibmMethod method, int budget, string? sampler, string folder)
    {
        (double squares, double sds, double correlation, double rHat, double seconds) = (0, 0, 0, 0, 0);
        for (int sign = 0; sign < 2; sign++)
        {
            int d = model.Dimension;
            double[] x = new double[d];
            CoupledGaussian.Mean([.. Enumerable.Range(0, d).Select(i => i % 2 == 0 ? (double)sign : -sign)], x);
            Study study = StudyOf(model, method, budget, sampler, x);
            string path = Path.Combine(folder, method.IsAmortised ? "run" : $"run-{sign}");
            try
            {
                using var run = RunFolder.Open(path, study, TimeProvider.System);
                seconds += new StageEngine(run, StudyPipeline.Create(study).Stages, progress: null).Run("sample", CancellationToken.None).Sum(s => s.Seconds);
            }
            catch (RunException e)
            {
                return e.Message;
            }

            (double[] draws, _) = PosteriorFile.Read(new StudyModel(study, TimeProvider.System), Path.Combine(path, RunFiles.PosteriorNpz));
            string facts = Path.Combine(path, RunFiles.SamplingFacts);
            rHat = Math.Max(rHat, File.Exists(facts) ? JsonArtifact.Read<SamplingFacts>(facts).RHat : 0);
            (double square, double sd, double off) = Compare(model.Posterior(x), draws);
            (squares, sds, correlation) = (squares + (square / 2), sds + (sd / 2), Math.Max(correlation, off));
        }

        string Known(double value, bool isKnown) => isKnown ? value.ToString("F3", CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Sqrt(squares):F3} | {sds:F3} | {Known(correlation, model.Dimension > 1)} | {Known(rHat, rHat > 0)} | {seconds:F0}");
    }

    private static Study StudyOf(CoupledGaussian model, SbibmMethod method, int budget, string? sampler, double[] x)
    {
        InferenceSettings inference = StudyBuilder.InferenceOf(method.Method) with { Rounds = method.Rounds, Simulations = budget / method.Rounds };
        return new Study
        {
            File = "",
            Name = "linear-gaussian",
            Title = "A linear Gaussian",
            SimulatorName = "linear-gaussian",
            SimulatorOptions = SimulatorOptions.None,
            Simulator = model,
            Prior = [.. model.ParameterNames.Select(name => new ParameterPrior(name, "normal", [("mean", 0), ("sd", 1)]))],
            Observation = x,
            Seed = 1,
            Inference = inference with { Sampler = inference.Sampler with { Kind = sampler ?? inference.Sampler.Kind } },
            Diagnostics = new DiagnosticsSettings(0, 10, Coverage: false, 0),
            PosteriorDraws = Draws,
            Inputs = [],
        };
    }

    private static (double SquaredMean, double Sd, double Correlation) Compare(MultivariateNormal exact, double[] draws)
    {
        int d = exact.Dimension, n = draws.Length / d;
        double[] mean = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, n).Average(k => draws[(k * d) + i]))];
        double Covariance(int i, int j) => Enumerable.Range(0, n).Sum(k => (draws[(k * d) + i] - mean[i]) * (draws[(k * d) + j] - mean[j])) / n;
        double[] sd = [.. Enumerable.Range(0, d).Select(i => Math.Sqrt(Covariance(i, i)))], exactSd = [.. Enumerable.Range(0, d).Select(i => Math.Sqrt(exact.Covariance[(i * d) + i]))];
        (double squares, double sds, double correlation) = (0, 0, 0);
        for (int i = 0; i < d; i++)
        {
            squares += Math.Pow((mean[i] - exact.Mean[i]) / exactSd[i], 2) / d;
            sds += sd[i] / exactSd[i] / d;
            for (int j = 0; j < i; j++)
            {
                correlation = Math.Max(correlation, Math.Abs((Covariance(i, j) / sd[i] / sd[j]) - (exact.Covariance[(i * d) + j] / exactSd[i] / exactSd[j])));
            }
        }

        return (squares, sds, correlation);
    }
}
