using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Simulation;

/// <summary>A black-box stochastic simulator: parameters in, one event out, randomness from the stream.</summary>
public interface ISimulator
{
    /// <summary>Names of the parameters, in the order of <c>theta</c>.</summary>
    IReadOnlyList<string> ParameterNames { get; }

    /// <summary>Names of the outputs, in the order of <c>x</c>.</summary>
    IReadOnlyList<string> OutputNames { get; }

    /// <summary>Runs one event. Must be safe to call from many threads at once, each with its own buffers and stream.</summary>
    /// <param name="theta">Shape <c>[ParameterNames.Count]</c>.</param>
    /// <param name="x">Shape <c>[OutputNames.Count]</c>; overwritten. A non-finite number marks a failed simulation.</param>
    /// <param name="rng">The stream of this event alone.</param>
    void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng);
}
