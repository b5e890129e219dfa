using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Simulation;

/// <summary>A simulator that is run in batches, and remembers how.</summary>
internal sealed class StubBatches(ISimulator inner, int concurrency, int rows) : IBatchSimulator
{
    private readonly Lock _gate = new();
    private int _now;

    public double FailsBelow { get; init; } = double.NegativeInfinity;

    public int AtOnce { get; private set; }

    public int Largest { get; private set; }

    public IReadOnlyList<string> ParameterNames => inner.ParameterNames;

    public IReadOnlyList<string> OutputNames => inner.OutputNames;

    public int Concurrency => concurrency;

    public int BatchRows => rows;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => inner.Simulate(theta, x, rng);

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel)
    {
        lock (_gate)
        {
            (AtOnce, Largest) = (Math.Max(AtOnce, ++_now), Math.Max(Largest, streams.Length));
        }

        int d = ParameterNames.Count, k = OutputNames.Count;
        for (int row = 0; row < streams.Length; row++)
        {
            inner.Simulate(theta.Slice(row * d, d), x.Slice(row * k, k), streams[row]);
            failures[row] = theta[row * d] < FailsBelow ? "it crashed" : null;
        }

        lock (_gate)
        {
            _now--;
        }
    }
}
