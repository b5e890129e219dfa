using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Pipeline.Gaps;

/// <summary>The same of one that is given many events at once.</summary>
internal sealed class CodedBatches(IBatchSimulator simulator) : IBatchSimulator
{
    public IReadOnlyList<string> ParameterNames => simulator.ParameterNames;

    public IReadOnlyList<string> OutputNames => simulator.OutputNames;

    public int Concurrency => simulator.Concurrency;

    public int BatchRows => simulator.BatchRows;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        simulator.Simulate(theta, x, rng);
        GapCode.Encode(x);
    }

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel)
    {
        simulator.Simulate(theta, x, streams, failures, cancel);
        int k = OutputNames.Count;
        for (int row = 0; row < streams.Length; row++)
        {
            if (failures[row] is null)
            {
                GapCode.Encode(x.Slice(row * k, k));
            }
        }
    }
}
