using System.Numerics;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms;

/// <summary>A simulator as a causal program: every random choice passes through a trace, under a name and with its law.</summary>
/// <remarks>
/// <para>
/// One definition has many readings, each a pair of a number type and a trace: with float64 and <see cref="SamplingTrace"/> it samples; with
/// dual numbers it is mined for its joint score; with a trace that replaces choices it is intervened upon; with one that replays noise it imagines; with one
/// that is told what was seen it explains. So the body must take its course from <c>theta</c> and the choices alone: no stream, clock or field that changes.
/// </para>
/// <para>
/// What is random in <c>x</c> given theta must be random through choices. An output that is itself a choice is drawn at <see cref="Site.Output"/>:
/// then its density is known, where an output computed from theta and other choices (<c>theta + noise</c>) has none that a trace could see.
/// </para>
/// </remarks>
public interface IMechanism : ISimulator
{
    /// <summary>Runs one event. Safe to call from many threads at once, each with its own buffers and trace.</summary>
    /// <param name="theta">Shape <c>[ParameterNames.Count]</c>.</param>
    /// <param name="x">Shape <c>[OutputNames.Count]</c>; overwritten.</param>
    /// <param name="trace">Asked for every random choice, in the order the program makes them. Each site is visited at most once.</param>
    /// <typeparam name="TReal">float64, or a number that carries something along with it.</typeparam>
    /// <typeparam name="TTrace">A structure, so that the calls on it are compiled into the body.</typeparam>
    void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than there are names.</exception>
    void ISimulator.Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        SimulatorShape.Check(this, theta.Length, x.Length);
        var trace = new SamplingTrace(rng);
        Run(theta, x, ref trace);
    }
}
