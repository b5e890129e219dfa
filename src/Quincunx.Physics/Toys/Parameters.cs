using System.Numerics;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Toys;

/// <summary>Checks of what a simulator is given.</summary>
internal static class Parameters
{
    /// <exception cref="ArgumentException">A length is not that of the names.</exception>
    public static void CheckLengths(ISimulator simulator, ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        (int parameters, int outputs) = (simulator.ParameterNames.Count, simulator.OutputNames.Count);
        if (theta.Length != parameters || x.Length != outputs)
        {
            throw new ArgumentException($"Expected {parameters} parameters and {outputs} outputs, got {theta.Length} and {x.Length}.");
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A parameter is infinite or NaN.</exception>
    public static void CheckFinite<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        foreach (TReal value in theta)
        {
            if (!TReal.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(theta), value, "Expected finite parameters.");
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
    public static void CheckPositive<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        foreach (TReal value in theta)
        {
            if (!(value > TReal.Zero && TReal.IsFinite(value)))
            {
                throw new ArgumentOutOfRangeException(nameof(theta), value, "Expected positive, finite parameters.");
            }
        }
    }
}
