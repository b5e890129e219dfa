using Quincunx.Cli;
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

    [SharedDataTheory("sbibm")]
    [InlineData("two-moons", "two_moons")]
    [InlineData("gaussian-linear", "gaussian_linear")]
    public void Study_Observation_IsTheTasksFirst(string name, string task)
    {
        Study study = Load(name);
        Assert.Equal(SharedData.ReadCsv($"sbibm/{task}/num_observation_1/observation.csv")[0], study.Observation);
        Assert.Equal((10_000, 1), (study.Inference.Simulations, study.Inference.Rounds));
    }

    private static Study Load(string name) => Study.Load(Path.Combine(RepositoryRoot.Path, "studies", name), new SimulatorCatalogAdapter());
}
