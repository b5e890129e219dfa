namespace Quincunx.Inference.Simulation;

/// <summary>The check of lengths at the doors of simulators and of all that runs them.</summary>
public static class SimulatorShape
{
    /// <param name="simulator">Whose names say how long theta and x are.</param>
    /// <param name="parameters">Numbers given for theta.</param>
    /// <param name="outputs">Numbers given for x.</param>
    /// <exception cref="ArgumentException">A length is not that of the names.</exception>
    public static void Check(ISimulator simulator, int parameters, int outputs)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        if (parameters != simulator.ParameterNames.Count || outputs != simulator.OutputNames.Count)
        {
            throw new ArgumentException(
                $"Expected {simulator.ParameterNames.Count} parameters and {simulator.OutputNames.Count} outputs, got {parameters} and {outputs}.");
        }
    }
}
