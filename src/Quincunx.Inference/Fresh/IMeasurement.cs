using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>What lies between the output of a simulator and an observation: circumstances that change from observation to observation, and noise that costs nothing to draw again.</summary>
/// <remarks>
/// Training draws both anew for every row of every step. What an estimator sees is the observation with its context appended, so that it learns p(theta | observation, context).
/// Implementations are called from many threads at once and keep no state between calls.
/// </remarks>
public interface IMeasurement
{
    /// <summary>Numbers that the simulator makes.</summary>
    int Outputs { get; }

    /// <summary>Numbers of an observation, its context not counted.</summary>
    int Observed { get; }

    /// <summary>Numbers that tell the circumstances: a noise level, a spectrum of the noise, a design, a number of events. May be 0.</summary>
    int ContextCount { get; }

    /// <summary>Draws circumstances from the distribution that training is to cover; independent of the parameters.</summary>
    /// <param name="context">Shape <c>[ContextCount]</c>; overwritten, with finite numbers.</param>
    void DrawContext(Span<double> context, Rng rng);

    /// <summary>Draws one observation.</summary>
    /// <param name="output">Of the simulator, shape <c>[Outputs]</c>.</param>
    /// <param name="context">Shape <c>[ContextCount]</c>.</param>
    /// <param name="observation">Shape <c>[Observed]</c>; overwritten. NaN is what is missing, for networks with <see cref="Npe.MissingValues.Embedded"/>; infinity is not allowed.</param>
    void Observe(ReadOnlySpan<double> output, ReadOnlySpan<double> context, Span<double> observation, Rng rng);
}
