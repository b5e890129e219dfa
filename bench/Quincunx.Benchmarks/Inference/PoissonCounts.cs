using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>One count from a Poisson law of unknown mean.</summary>
internal sealed class PoissonCounts : ISimulator
{
    public IReadOnlyList<string> ParameterNames { get; } = ["mean"];

    public IReadOnlyList<string> OutputNames { get; } = ["count"];

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => x[0] = rng.NextPoisson(theta[0]);
}
