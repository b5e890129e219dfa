using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Studies;

/// <summary>A simulator whose parameters come in the study's order.</summary>
internal abstract class OrderedSimulator : ISimulator
{
    private readonly ISimulator _inner;
    private readonly int[] _source;                 // inner parameter i is the study's parameter _source[i]

    private OrderedSimulator(ISimulator inner, IReadOnlyList<string> order)
    {
        (_inner, ParameterNames) = (inner, order);
        _source = [.. inner.ParameterNames.Select(name => order.ToList().IndexOf(name))];
    }

    public IReadOnlyList<string> ParameterNames { get; }

    public IReadOnlyList<string> OutputNames => _inner.OutputNames;

    /// <param name="order">A permutation of the simulator's parameter names.</param>
    public static ISimulator Create(ISimulator inner, IReadOnlyList<string> order) =>
        inner.ParameterNames.SequenceEqual(order, StringComparer.Ordinal) ? inner
        : inner is IBatchSimulator batches ? new InBatches(batches, order)
        : inner is ILikelihood likelihood ? new WithLikelihood(inner, likelihood, order)
        : new WithoutLikelihood(inner, order);

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        Span<double> ordered = _source.Length <= 64 ? stackalloc double[_source.Length] : new double[_source.Length];
        Reorder(theta, ordered);
        _inner.Simulate(ordered, x, rng);
    }

    private void Reorder(ReadOnlySpan<double> theta, Span<double> ordered)
    {
        for (int i = 0; i < _source.Length; i++)
        {
            ordered[i] = theta[_source[i]];
        }
    }

    private sealed class WithoutLikelihood(ISimulator inner, IReadOnlyList<string> order) : OrderedSimulator(inner, order);

    private sealed class InBatches(IBatchSimulator inner, IReadOnlyList<string> order) : OrderedSimulator(inner, order), IBatchSimulator
    {
        public int Concurrency => inner.Concurrency;

        public int BatchRows => inner.BatchRows;

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel)
        {
            double[] ordered = new double[theta.Length];
            for (int from = 0; from < theta.Length; from += ParameterNames.Count)
            {
                Reorder(theta[from..], ordered.AsSpan(from, ParameterNames.Count));
            }

            inner.Simulate(ordered, x, streams, failures, cancel);
        }
    }

    private sealed class WithLikelihood(ISimulator inner, ILikelihood likelihood, IReadOnlyList<string> order)
        : OrderedSimulator(inner, order), ILikelihood
    {
        public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
        {
            Span<double> ordered = theta.Length <= 64 ? stackalloc double[theta.Length] : new double[theta.Length];
            Reorder(theta, ordered);
            return likelihood.LogLikelihood(ordered, x);
        }
    }
}
