using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Simulation;

/// <summary>A simulator that is best given many events at once: a pool of programs, or a library that is vectorised.</summary>
public interface IBatchSimulator : ISimulator
{
    /// <summary>How many calls at once keep it busy; at least 1.</summary>
    int Concurrency { get; }

    /// <summary>How many events the next call had best bring, at least 1. May change from call to call; nothing that comes out may depend on it.</summary>
    int BatchRows { get; }

    /// <summary>Runs events, each the one that <see cref="ISimulator.Simulate"/> makes of its stream. Called from <see cref="Concurrency"/> threads at once.</summary>
    /// <param name="theta">Shape <c>[n, parameters]</c>, row-major.</param>
    /// <param name="x">Shape <c>[n, outputs]</c>, row-major; overwritten. A non-finite number marks a failed simulation.</param>
    /// <param name="streams">Shape <c>[n]</c>: the stream of each event alone.</param>
    /// <param name="failures">Shape <c>[n]</c>; overwritten: null, or why the event has no outputs. An event with a reason has NaN for all of them.</param>
    /// <param name="cancel">Ends the call early; then the contents of x and failures mean nothing.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <remarks>Any other exception is no failure of an event and ends the run: the program cannot be started, for one.</remarks>
    void Simulate(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel);
}
