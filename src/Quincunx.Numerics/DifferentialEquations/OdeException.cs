namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>An integration failed where there is no result to say so: inside the derivative of a solution.</summary>
public sealed class OdeException : ArithmeticException
{
    public OdeException(OdeOutcome outcome)
        : base($"The adjoint equations could not be integrated beyond t = {outcome.LastTime:R}: {outcome.StopReason} after {outcome.Steps} steps.")
        => Outcome = outcome;

    public OdeException()
    {
    }

    public OdeException(string message)
        : base(message)
    {
    }

    public OdeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How the integration went.</summary>
    public OdeOutcome Outcome { get; }
}
