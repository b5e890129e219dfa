using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Pipeline.Mining;

/// <summary>A mined simulator as one that is stored: what was mined are further outputs. Those of the event are what the simulator makes of the same stream.</summary>
/// <param name="others">Null where ratios are not wanted.</param>
internal sealed class MinedEvents(IMinedSimulator simulator, MinedColumns columns, OtherHypotheses? others) : ISimulator
{
    public IReadOnlyList<string> ParameterNames => simulator.ParameterNames;

    public IReadOnlyList<string> OutputNames => columns.Names;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        if (others is null)
        {
            simulator.Mine(theta, [], columns.X(x), [], columns.Score(x), rng);
            return;
        }

        others.Draw(theta, columns.Other(x), rng.Split("other"));
        simulator.Mine(theta, columns.Other(x), columns.X(x), columns.LogRatio(x), columns.Score(x), rng);
        columns.Finish(x);
    }
}
