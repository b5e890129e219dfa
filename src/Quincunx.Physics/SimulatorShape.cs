using Quincunx.Inference.Simulation;

namespace Quincunx.Physics;

/// <summary>The check of lengths at the door of a likelihood.</summary>
internal static class SimulatorShape
{
    /// <exception cref="ArgumentException">A span has another length than there are names.</exception>
    public static void Check(ISimulator simulator, ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        (int parameters, int outputs) = (simulator.ParameterNames.Count, simulator.OutputNames.Count);
        if (theta.Length != parameters || x.Length != outputs)
        {
            throw new ArgumentException($"Expected {parameters} parameters and {outputs} outputs, got {theta.Length} and {x.Length}.");
        }
    }
}
