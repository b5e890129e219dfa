using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.Populations;

/// <summary>Counts of a population that follows the Ricker map with noise, where it is chaotic.</summary>
/// <remarks>
/// <para>
/// N(t + 1) = r N(t) e^(−N(t) + e(t)) with e(t) ~ Normal(0, σ²), and what is counted is Poisson with mean φ N(t). The population starts at 1 and is counted after a time in which it
/// forgets that. S. N. Wood 2010, "Statistical inference for noisy nonlinear ecological dynamic systems", Nature 466, 1102.
/// </para>
/// <para>
/// Parameters: <c>log_r</c>, logarithm of the growth of a small population from one time to the next (there 3.8); <c>sigma</c>, noise of its logarithm, positive (0.3);
/// <c>phi</c>, individuals counted for one unit of population, positive (10). Given the populations, everything is known; of the counts alone the likelihood is an integral over all of them.
/// </para>
/// </remarks>
public sealed class Ricker : IMechanism
{
    private readonly int _burnIn;

    /// <param name="counts">Times at which the population is counted, positive.</param>
    /// <param name="burnIn">Times before the first of them, at least 0.</param>
    public Ricker(int counts = 50, int burnIn = 50)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(counts);
        ArgumentOutOfRangeException.ThrowIfNegative(burnIn);
        _burnIn = burnIn;
        OutputNames = [.. Enumerable.Range(1, counts).Select(i => $"count_{i}")];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["log_r", "sigma", "phi"];

    /// <summary>Counts, in order of time.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Choices: <c>log_population[t]</c>, whose law the map gives from the one before it, and the outputs. That the population is the choice, not the noise, keeps the score of an event small: noise and chaos would
    /// carry every derivative on for ever.
    /// </remarks>
    /// <exception cref="ArgumentException">The noise is not positive, or phi is negative or NaN.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        TReal log = TReal.Zero, population = TReal.One;
        for (int t = 1; t <= _burnIn + x.Length; t++)
        {
            log = trace.Draw(new Site("log_population", t), Law.Normal(theta[0] + log - population, theta[1]));
            population = TReal.Exp(log);
            if (t > _burnIn)
            {
                int i = t - _burnIn - 1;
                x[i] = trace.Draw(Site.Output(i), Law.Poisson(theta[2] * population));
            }
        }
    }
}
