using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Studies;

/// <summary>Stands where there are simulations but no simulator.</summary>
internal sealed class RecordedSimulator(IReadOnlyList<string> parameters, IReadOnlyList<string> outputs) : ISimulator
{
    public IReadOnlyList<string> ParameterNames => parameters;

    public IReadOnlyList<string> OutputNames => outputs;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => throw new NotSupportedException("The simulations of this study are recorded; there is no simulator to make others.");
}
