using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Toys;

/// <summary>Independent draws from a g-and-k distribution, known by its quantile function.</summary>
/// <remarks>
/// x = A + B (1 + 0.8 tanh(g z / 2)) (1 + z²)^k z with z standard normal. Parameters: location <c>a</c> and scale <c>b</c> > 0 in the units of x, skewness <c>g</c>, and tails
/// <c>k</c> of at least 0; usually all between 0 and 10. G. D. Rayner and H. L. MacGillivray 2002, Stat. Comput. 12, 57; as a test of likelihood-free inference since P. Fearnhead and
/// D. Prangle 2012, J. R. Stat. Soc. B 74, 419. The density has no formula, but a root of the quantile function gives it to rounding.
/// </remarks>
public sealed class GAndK : IMechanism, ILikelihood
{
    /// <param name="draws">In one data set, positive.</param>
    public GAndK(int draws = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        OutputNames = [.. Enumerable.Range(1, draws).Select(i => $"x_{i}")];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["a", "b", "g", "k"];

    /// <summary>The draws, in no order.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs.</remarks>
    /// <exception cref="ArgumentException">The scale is not positive, or k is negative.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = trace.Draw(Site.Output(i), new GAndKLaw<TReal>(theta[0], theta[1], theta[2], theta[3]));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, the scale is not positive, or k is negative.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        var law = new GAndKLaw<double>(theta[0], theta[1], theta[2], theta[3]);
        double sum = 0;
        foreach (double value in x)
        {
            sum += law.LogProb(value);
        }

        return sum;
    }
}
