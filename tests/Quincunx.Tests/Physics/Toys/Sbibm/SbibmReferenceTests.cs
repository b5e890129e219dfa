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

    // Integration by parts (Stein's identity): under the posterior p of log-density l, E[f ∂ₖl + ∂ₖf] = 0 for every f that vanishes at its walls. f is a product of
    // 1 - (u/wall)², times 1 and times uₖ: the first feels a gradient that is off, the second one of another steepness.
    // Some 400 means in all at five standard errors: one set of samples in 4,000.
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
        var task = SbibmTask.Of(name);
        for (int observation = 1; observation <= Observations; observation++)
        {
            double[] x = task.Observation(observation);
            double[][] samples = task.Reference(observation);
            if (task.IsLogarithmic)
            {
                samples = [.. samples.Select(theta => theta.Select(t => Math.Log(t)).ToArray())];
            }

            int dimension = samples[0].Length;
            double[] centre = [.. Enumerable.Range(0, dimension).Select(k => double.IsInfinity(task.Wall) ? samples.Average(u => u[k]) : 0)];
            for (int k = 0; k < dimension; k++)
            {
                double[] plain = new double[samples.Length], linear = new double[samples.Length];
                for (int i = 0; i < samples.Length; i++)
                {
                    double[] u = samples[i];
                    double wall = u.Aggregate(1.0, (product, v) => product * (1 - (v * v / (task.Wall * task.Wall))));
                    double own = 1 - (u[k] * u[k] / (task.Wall * task.Wall)), slope = wall / own * (-2 * u[k] / (task.Wall * task.Wall));
                    double gradient = Gradient(u, k), place = u[k] - centre[k];
                    plain[i] = (wall * gradient) + slope;
                    linear[i] = (wall * place * gradient) + (slope * place) + wall;
                }

                AssertMean(plain, $"{name}, observation {observation}, parameter {k + 1}");
                AssertMean(linear, $"{name}, observation {observation}, parameter {k + 1}, linear");
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

            double LogPosterior(double[] u) => task.LogPrior(u) + task.Likelihood.LogLikelihood(task.IsLogarithmic ? [.. u.Select(v => Math.Exp(v))] : u, x);
        }
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

    private static void AssertMean(double[] values, string what)
    {
        double mean = values.Average(), error = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / values.Length);
        Assert.True(Math.Abs(mean) < 5 * error, $"{what}: mean {mean}, standard error {error}");
    }
}
