using Quincunx.Cli;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Runs.Benchmarks;

/// <summary>The studies that are scored are the tasks that are published.</summary>
public sealed class SbibmStudiesTests
{
    [Fact]
    public void TwoMoons_Prior_IsTheTasks()
    {
        Study study = Load("two-moons");
        Assert.Equal(["theta_1", "theta_2"], study.Prior.Select(p => p.Name));
        Assert.All(study.Prior, p => Assert.Equal(("uniform", -1.0, 1.0), (p.Kind, p.Argument("lower"), p.Argument("upper"))));
        Assert.Equal("two-moons", study.SimulatorName);
    }

    [Fact]
    public void GaussianLinear_Prior_IsTheTasks()
    {
        Study study = Load("gaussian-linear");
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"theta_{i}"), study.Prior.Select(p => p.Name));
        Assert.All(study.Prior, p => Assert.Equal(("normal", 0.0, 2), (p.Kind, p.Argument("mean"), p.Arguments.Count)));
        // A variance of 0.1, to the last bit that a decimal standard deviation can give.
        Assert.All(study.Prior, p => Assert.Equal(0.1, p.Argument("sd") * p.Argument("sd"), 1e-16));
        Assert.Equal("gaussian-linear", study.SimulatorName);
    }

    [Theory]
    [InlineData("gaussian-linear-uniform", "gaussian-linear", 10, 1)]
    [InlineData("gaussian-mixture", "gaussian-mixture", 2, 10)]
    [InlineData("slcp", "slcp", 5, 3)]
    [InlineData("slcp-distractors", "slcp-distractors", 5, 3)]
    public void Study_UniformPrior_IsTheTasks(string name, string simulator, int dimension, double wall)
    {
        Study study = Load(name);
        Assert.Equal(Enumerable.Range(1, dimension).Select(i => $"theta_{i}"), study.Prior.Select(p => p.Name));
        Assert.All(study.Prior, p => Assert.Equal(("uniform", -wall, wall), (p.Kind, p.Argument("lower"), p.Argument("upper"))));
        Assert.Equal(simulator, study.SimulatorName);
    }

    [Fact]
    public void Sir_Prior_IsTheTasks() =>
        AssertLogNormal("sir", ("beta", Math.Log(0.4), 0.5), ("gamma", Math.Log(0.125), 0.2));

    [Fact]
    public void LotkaVolterra_Prior_IsTheTasks() =>
        AssertLogNormal("lotka-volterra", ("alpha", -0.125, 0.5), ("beta", -3, 0.5), ("gamma", -0.125, 0.5), ("delta", -3, 0.5));

    // The task's own form: offset of variance 2, weights with precision FᵀF, F = D² + diag(√(i/9)).
    [Theory]
    [InlineData("bernoulli-glm")]
    [InlineData("bernoulli-glm-raw")]
    public void BernoulliGlm_Prior_IsTheTasks(string name)
    {
        const int N = 9;
        Study study = Load(name);
        Assert.Equal(study.Simulator.ParameterNames, study.Prior.Select(p => p.Name));
        Assert.Equal(name, study.SimulatorName);
        IDistribution prior = study.CreatePrior();
        double[] theta = new double[N + 1];
        var rng = new Rng(1);
        double reference = prior.LogProb(theta);
        for (int draw = 0; draw < 20; draw++)
        {
            prior.Sample(theta, rng);
            double squares = 0.5 * theta[0] * theta[0];
            for (int i = 0; i < N; i++)
            {
                // D² has 1 on, -2 below and 1 two below the diagonal.
                double f = ((1 + Math.Sqrt(i / 9.0)) * theta[i + 1]) - (i > 0 ? 2 * theta[i] : 0) + (i > 1 ? theta[i - 1] : 0);
                squares += f * f;
            }

            Assert.Equal(-0.5 * squares, prior.LogProb(theta) - reference, 1e-9 * (1 + squares));
        }

        // det F = Π (1 + √(i/9)), since it is triangular.
        double logRoot = Enumerable.Range(0, N).Sum(i => Math.Log(1 + Math.Sqrt(i / 9.0)));
        Assert.Equal((-0.5 * (N + 1) * Math.Log(2 * Math.PI)) - (0.5 * Math.Log(2)) + logRoot, reference, 1e-9);
    }

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
    public void Study_Observation_IsTheTasksFirst(string name)
    {
        Study study = Load(name);
        Assert.Equal(SharedData.ReadCsv($"sbibm/{name.Replace('-', '_')}/num_observation_1/observation.csv")[0], study.Observation);
        Assert.Equal((10_000, 1), (study.Inference.Simulations, study.Inference.Rounds));
    }

    private static void AssertLogNormal(string name, params (string Name, double Mu, double Sigma)[] parameters)
    {
        Study study = Load(name);
        Assert.All(study.Prior, p => Assert.Equal("log-normal", p.Kind));
        Assert.Equal(parameters, study.Prior.Select(p => (p.Name, p.Argument("mu"), p.Argument("sigma"))));
        Assert.Equal(name, study.SimulatorName);
    }

    private static Study Load(string name) => Study.Load(Path.Combine(RepositoryRoot.Path, "studies", name), new SimulatorCatalogAdapter());
}
