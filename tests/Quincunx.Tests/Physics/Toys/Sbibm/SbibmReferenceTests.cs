using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Physics.Toys.Sbibm;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Toys.Sbibm;

/// <summary>Likelihoods and simulators against the reference posteriors, true parameters and observations of the benchmark.</summary>
public sealed class SbibmReferenceTests
{
    private const int Observations = 5;

    // Times what the walls are, with derivatives: a constant feels a gradient that is off, a line one of another steepness, and the last one a narrow peak on a broad one.
    private static readonly (Func<double, double> Value, Func<double, double> Slope)[] Functions =
    [
        (_ => 1, _ => 0),
        (v => v, _ => 1),
        (v => v * Math.Exp(-0.5 * v * v), v => (1 - (v * v)) * Math.Exp(-0.5 * v * v)),
    ];

    // Integration by parts (Stein's identity): under the posterior p of log-density l, E[f ∂ₖl + ∂ₖf] = 0 for every f that vanishes at its walls. f is a product of
    // 1 - (u/wall)², times a function of uₖ less its mean in units of the median distance from it. Each mean, and more sharply those of the sum over k and over observations.
    // Some 600 means in all at five standard errors: one set of samples in 3,000.
    [SharedDataTheory("sbibm"), Trait("Category", "Slow")]
    [InlineData("bernoulli-glm")]
    [InlineData("gaussian-linear")]
    [InlineData("gaussian-linear-uniform")]
    [InlineData("gaussian-mixture")]
    [InlineData("lotka-volterra")]
    [InlineData("sir")]
    [InlineData("slcp")]
    public void LogLikelihood_ReferencePosterior_IntegratesByParts(string name)
    {
        const int Samples = 5000;
        var task = SbibmTask.Of(name);
        double[] deviations = new double[Functions.Length];
        for (int observation = 1; observation <= Observations; observation++)
        {
            double[] x = task.Observation(observation);
            double[][] samples = [.. task.Reference(observation).Take(Samples)], sums = [.. Functions.Select(_ => new double[Samples])], values = [.. Functions.Select(_ => new double[Samples])];
            if (task.IsLogarithmic)
            {
                samples = [.. samples.Select(theta => theta.Select(t => Math.Log(t)).ToArray())];
            }

            for (int k = 0; k < samples[0].Length; k++)
            {
                double centre = samples.Average(u => u[k]), unit = samples.Select(u => Math.Abs(u[k] - centre)).Order().ElementAt(Samples / 2);
                for (int i = 0; i < Samples; i++)
                {
                    double[] u = samples[i];
                    double wall = u.Aggregate(1.0, (product, v) => product * (1 - (v * v / (task.Wall * task.Wall))));
                    double own = 1 - (u[k] * u[k] / (task.Wall * task.Wall)), slope = wall / own * (-2 * u[k] / (task.Wall * task.Wall));
                    double gradient = Gradient(u, k), place = (u[k] - centre) / unit;
                    for (int f = 0; f < Functions.Length; f++)
                    {
                        double value = Functions[f].Value(place);
                        values[f][i] = unit * ((wall * value * gradient) + (slope * value) + (wall * Functions[f].Slope(place) / unit));
                        sums[f][i] += values[f][i];
                    }
                }

                for (int f = 0; f < Functions.Length; f++)
                {
                    AssertSmall(Deviations(values[f]), $"{name}, observation {observation}, parameter {k + 1}, function {f}");
                }
            }

            for (int f = 0; f < Functions.Length; f++)
            {
                deviations[f] += Deviations(sums[f]);
            }

            double Gradient(double[] u, int k)
            {
                const double Step = 1e-5;
                double at = u[k];
                u[k] = at + Step;
                double up = LogPosterior(u);
                u[k] = at - Step;
                double down = LogPosterior(u);
                u[k] = at;
                return (up - down) / (2 * Step);
            }

            // Up to a constant.
            double LogPosterior(double[] u) => task.LogPrior(u) + task.Likelihood.LogLikelihood(task.IsLogarithmic ? [.. u.Select(v => Math.Exp(v))] : u, x);
        }

        Assert.All(deviations, (sum, f) => AssertSmall(sum / Math.Sqrt(Observations), $"{name}, sum, function {f}"));
    }

    // The share of events from the true parameters that are less likely than the observation, as a normal deviate; the mean of five within four standard errors.
    [SharedDataTheory("sbibm")]
    [InlineData("bernoulli-glm")]
    [InlineData("bernoulli-glm-raw")]
    [InlineData("gaussian-linear")]
    [InlineData("gaussian-linear-uniform")]
    [InlineData("gaussian-mixture")]
    [InlineData("lotka-volterra")]
    [InlineData("sir")]
    [InlineData("slcp")]
    [InlineData("slcp-distractors")]
    [InlineData("two-moons")]
    public void Simulate_AtTrueParameters_MakesEventsLikeTheObservation(string name)
    {
        const int Events = 1000;
        var task = SbibmTask.Of(name);
        double sum = 0;
        for (int observation = 1; observation <= Observations; observation++)
        {
            double[] theta = task.TrueParameters(observation), x = task.Observation(observation);
            double observed = Statistic(task, theta, x);
            Assert.True(double.IsFinite(observed));
            double below = 0.5;
            for (int i = 0; i < Events; i++)
            {
                task.Model.Simulate(theta, x, new Rng(1).Split(observation).Split(i));
                double difference = Statistic(task, theta, x) - observed;
                below += difference < 0 ? 1 : difference == 0 ? 0.5 : 0;
            }

            sum += SpecialFunctions.NormalQuantile(below / (Events + 1));
        }

        Assert.InRange(sum / Math.Sqrt(Observations), -4, 4);
    }

    // The distractors by the published constants themselves.
    [SharedDataFact("sbibm/slcp_distractors")]
    public void Simulate_WithDistractors_TransformsItsNoiseByThePublishedConstants()
    {
        const string Folder = "sbibm/slcp_distractors";
        double[][] locations = SharedData.ReadCsv($"{Folder}/noise_loc.csv"), factors = SharedData.ReadCsv($"{Folder}/noise_scale_tril.csv.gz");
        int[] permutation = [.. SharedData.ReadCsv($"{Folder}/permutation_idx.csv").Select(row => (int)row[0])];
        var model = new SlcpDistractors();
        for (int i = 0; i < 50; i++)
        {
            TraceRecord record = RecordingTrace.Run(model, [1, -1, 2, 0.5, 0.3], new Rng(4).Split(i));
            int component = (int)record[new Site("component")];
            double spread = 1 / Math.Sqrt(record[new Site("precision")]);
            double[] noise = [.. Enumerable.Range(0, 92).Select(k => record[new Site("noise", k)])];
            for (int k = 0; k < 100; k++)
            {
                int number = permutation[k] - 8;
                double expected = number < 0 ? record[Site.Output(k)]
                    : locations[component][number] + (spread * factors[(92 * component) + number].Skip(2).Zip(noise, (a, z) => a * z).Sum());
                Assert.Equal(expected, record.X[k], 1e-11 * (1 + Math.Abs(expected)) * spread);
            }
        }
    }

    // Taking the permutation back gives the observations of SLCP.
    [SharedDataFact("sbibm/slcp_distractors")]
    public void InformativeOutputs_OfObservations_AreThoseOfSlcp()
    {
        int[] places = new SlcpDistractors().InformativeOutputs.ToArray();
        for (int observation = 1; observation <= Observations; observation++)
        {
            double[] x = SbibmTask.Of("slcp-distractors").Observation(observation);
            Assert.Equal(SbibmTask.Of("slcp").Observation(observation), places.Select(place => x[place]));
        }
    }

    // Where there is no likelihood, how far out an event lies.
    private static double Statistic(SbibmTask task, double[] theta, double[] x) =>
        task.Model is ILikelihood likelihood ? likelihood.LogLikelihood(theta, x) : Math.Sqrt(x.Sum(v => v * v));

    // The mean in units of its standard error.
    private static double Deviations(double[] values)
    {
        double mean = values.Average();
        return mean / Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / values.Length);
    }

    private static void AssertSmall(double deviations, string what) => Assert.True(Math.Abs(deviations) < 5, $"{what}: {deviations} standard errors");
}
