namespace Quincunx.Inference.Mechanisms;

/// <summary>The check of lengths at every door that runs a mechanism.</summary>
internal static class MechanismShape
{
    /// <exception cref="ArgumentException">A length is not that of the names.</exception>
    public static void Check(IMechanism mechanism, int theta, int x)
    {
        (int parameters, int outputs) = (mechanism.ParameterNames.Count, mechanism.OutputNames.Count);
        if (theta != parameters || x != outputs)
        {
            throw new ArgumentException($"Expected {parameters} parameters and {outputs} outputs, got {theta} and {x}.");
        }
    }
}
