using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Programs;

namespace Quincunx.Runs.Studies;

/// <summary>A simulator whose parameters come in the study's order.</summary>
internal abstract class OrderedSimulator : ISimulator
{
    private readonly ISimulator _inner;
    private readonly ParameterOrder _order;

    private OrderedSimulator(ISimulator inner, IReadOnlyList<string> order)
    {
        (_inner, ParameterNames, _order) = (inner, order, new ParameterOrder(inner.ParameterNames, order));
    }

    public IReadOnlyList<string> ParameterNames { get; }

    public IReadOnlyList<string> OutputNames => _inner.OutputNames;

    /// <param name="order">A permutation of the simulator's parameter names.</param>
    public static ISimulator Create(ISimulator inner, IReadOnlyList<string> order) =>
        inner.ParameterNames.SequenceEqual(order, StringComparer.Ordinal) ? inner
        : inner is IBatchSimulator batches ? new InBatches(batches, order)
        : inner is ILikelihood likelihood ? new WithLikelihood(inner, likelihood, order)
        : new WithoutLikelihood(inner, order);

    /// <summary>A simulator mined for joint scores and ratios, with its parameters in the same order; null where it gives none.</summary>
    /// <remarks>Starts a program that has not been.</remarks>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public static IMinedSimulator? Mined(ISimulator simulator) => simulator switch
    {
        OrderedSimulator ordered => Mined(ordered._inner) is { } inner ? new OrderedMiner(inner, ordered.ParameterNames) : null,
        ProgramSimulator program => program.Mined,
        IMinedSimulator mined => mined,
        IMechanism mechanism => new Miner(mechanism),
        _ => null,
    };

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        Span<double> ordered = theta.Length <= 64 ? stackalloc double[theta.Length] : new double[theta.Length];
        _order.Inward(theta, ordered);
        _inner.Simulate(ordered, x, rng);
    }

    private sealed class WithoutLikelihood(ISimulator inner, IReadOnlyList<string> order) : OrderedSimulator(inner, order);

    private sealed class InBatches(IBatchSimulator inner, IReadOnlyList<string> order) : OrderedSimulator(inner, order), IBatchSimulator
    {
        public int Concurrency => inner.Concurrency;

        public int BatchRows => inner.BatchRows;

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel)
        {
            double[] ordered = new double[theta.Length];
            _order.Inward(theta, ordered);
            inner.Simulate(ordered, x, streams, failures, cancel);
        }
    }

    private sealed class WithLikelihood(ISimulator inner, ILikelihood likelihood, IReadOnlyList<string> order)
        : OrderedSimulator(inner, order), ILikelihood
    {
        public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
        {
            Span<double> ordered = theta.Length <= 64 ? stackalloc double[theta.Length] : new double[theta.Length];
            _order.Inward(theta, ordered);
            return likelihood.LogLikelihood(ordered, x);
        }
    }
}
