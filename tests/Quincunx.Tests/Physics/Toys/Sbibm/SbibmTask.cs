using Quincunx.Inference.Simulation;
using Quincunx.Physics;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Toys.Sbibm;

/// <summary>A task of the benchmark: a simulator, a prior, and data that are not part of the repository.</summary>
/// <param name="Folder">Where the data are.</param>
/// <param name="Model">The simulator.</param>
/// <param name="LogPrior">Log-density of the prior up to a constant, over <paramref name="IsLogarithmic"/> parameters over their logarithms; 0 inside of walls.</param>
/// <param name="Wall">Half the width of the box that the prior is uniform in; infinite for others.</param>
/// <param name="IsLogarithmic">Whether parameters are positive and best seen on a logarithmic scale.</param>
public sealed record SbibmTask(string Folder, ISimulator Model, Func<double[], double> LogPrior, double Wall = double.PositiveInfinity, bool IsLogarithmic = false)
{
    private static readonly double[][] GlmPrecision = MakeGlmPrecision();

    public static SbibmTask Of(string name) => name switch
    {
        "bernoulli-glm" or "bernoulli-glm-raw" => new(Underscores(name), Create(name), NormalGlm),
        "gaussian-linear" => new("gaussian_linear", Create(name), theta => -0.5 * theta.Sum(t => t * t) / 0.1),
        "gaussian-linear-uniform" => new("gaussian_linear_uniform", Create("gaussian-linear"), _ => 0, Wall: 1),
        "gaussian-mixture" => new("gaussian_mixture", Create(name), _ => 0, Wall: 10),
        "lotka-volterra" => new("lotka_volterra", Create(name), Normals((-0.125, 0.5), (-3, 0.5), (-0.125, 0.5), (-3, 0.5)), IsLogarithmic: true),
        "sir" => new("sir", Create(name), Normals((Math.Log(0.4), 0.5), (Math.Log(0.125), 0.2)), IsLogarithmic: true),
        "slcp" or "slcp-distractors" => new(Underscores(name), Create(name), _ => 0, Wall: 3),
        "two-moons" => new("two_moons", Create(name), _ => 0, Wall: 1),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Expected a task of the benchmark."),
    };

    public ILikelihood Likelihood => (ILikelihood)Model;

    /// <param name="number">From 1.</param>
    public double[] Observation(int number) => SharedData.ReadCsv($"{At(number)}/observation.csv")[0];

    public double[] TrueParameters(int number) => SharedData.ReadCsv($"{At(number)}/true_parameters.csv")[0];

    public double[][] Reference(int number) => SharedData.ReadCsv($"{At(number)}/reference_posterior_samples.csv.gz");

    private static ISimulator Create(string name) => SimulatorCatalog.Create(name);

    private static string Underscores(string name) => name.Replace('-', '_');

    private static Func<double[], double> Normals(params (double Mean, double Sd)[] normals) =>
        u => -0.5 * u.Zip(normals, (v, normal) => (v - normal.Mean) * (v - normal.Mean) / (normal.Sd * normal.Sd)).Sum();

    private static double NormalGlm(double[] theta) =>
        -0.5 * GlmPrecision.Select((row, i) => theta[i] * row.Zip(theta, (a, t) => a * t).Sum()).Sum();

    // Variance 2 of the offset; for the nine weights FᵀF with F = DD + diag √(i/9), D their differences: smooth, and small at long lags.
    private static double[][] MakeGlmPrecision()
    {
        const int Weights = 9;
        double[][] precision = [.. Enumerable.Range(0, 1 + Weights).Select(_ => new double[1 + Weights])];
        precision[0][0] = 0.5;
        double[,] f = new double[Weights, Weights];
        for (int i = 0; i < Weights; i++)
        {
            f[i, i] = 1 + Math.Sqrt(i / 9.0);
            f[i, Math.Max(0, i - 1)] += i >= 1 ? -2 : 0;
            f[i, Math.Max(0, i - 2)] += i >= 2 ? 1 : 0;
        }

        for (int i = 0; i < Weights; i++)
        {
            for (int j = 0; j < Weights; j++)
            {
                precision[1 + i][1 + j] = Enumerable.Range(0, Weights).Sum(k => f[k, i] * f[k, j]);
            }
        }

        return precision;
    }

    private string At(int number) => $"sbibm/{Folder}/num_observation_{number}";
}
