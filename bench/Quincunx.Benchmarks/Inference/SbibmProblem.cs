using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Physics;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Simulators and priors of the sbibm benchmark, by names with hyphens.</summary>
internal static class SbibmProblem
{
    public static (ISimulator Model, IDistribution Prior) Of(string task) => task switch
    {
        "gaussian-linear" => (SimulatorCatalog.Create(task), Repeat(10, new Normal(0, Math.Sqrt(0.1)))),
        "gaussian-linear-uniform" => (SimulatorCatalog.Create("gaussian-linear"), Repeat(10, new Uniform(-1, 1))),
        "gaussian-mixture" => (SimulatorCatalog.Create(task), Repeat(2, new Uniform(-10, 10))),
        "lotka-volterra" => (SimulatorCatalog.Create(task), new IndependentProduct(
            ("alpha", new LogNormal(-0.125, 0.5)), ("beta", new LogNormal(-3, 0.5)), ("gamma", new LogNormal(-0.125, 0.5)), ("delta", new LogNormal(-3, 0.5)))),
        "sir" => (SimulatorCatalog.Create(task), new IndependentProduct(("beta", new LogNormal(Math.Log(0.4), 0.5)), ("gamma", new LogNormal(Math.Log(0.125), 0.2)))),
        "slcp" or "slcp-distractors" => (SimulatorCatalog.Create(task), Repeat(5, new Uniform(-3, 3))),
        "two-moons" => (SimulatorCatalog.Create(task), Repeat(2, new Uniform(-1, 1))),
        _ => throw new ArgumentException($"Expected gaussian-linear, gaussian-linear-uniform, gaussian-mixture, lotka-volterra, sir, slcp, slcp-distractors or two-moons, got '{task}'.", nameof(task)),
    };

    private static IndependentProduct Repeat(int count, IDistribution distribution) => new([.. Enumerable.Range(1, count).Select(i => ($"theta_{i}", distribution))]);
}
