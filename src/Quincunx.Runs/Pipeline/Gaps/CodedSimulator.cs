using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Pipeline.Gaps;

/// <summary>A simulator that may leave some outputs out, which are NaN, with its gaps as they are stored.</summary>
internal sealed class CodedSimulator(ISimulator simulator) : ISimulator
{
    public IReadOnlyList<string> ParameterNames => simulator.ParameterNames;

    public IReadOnlyList<string> OutputNames => simulator.OutputNames;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        simulator.Simulate(theta, x, rng);
        GapCode.Encode(x);
    }
}
