using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Simulation;

/// <summary>A simulator made of one function, with as many outputs as asked for.</summary>
internal sealed class StubSimulator(int parameters, int outputs, StubSimulator.Body body) : ISimulator
{
    public delegate void Body(ReadOnlySpan<double> theta, Span<double> x, Rng rng);

    public IReadOnlyList<string> ParameterNames { get; } = [.. Enumerable.Range(0, parameters).Select(i => $"t{i}")];

    public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")];

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => body(theta, x, rng);
}
