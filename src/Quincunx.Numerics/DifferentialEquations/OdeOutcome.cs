namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>How an integration went.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Reached">How many of the requested times were reached, the first included; the states of these are good.</param>
/// <param name="LastTime">Up to where the solution is known.</param>
/// <param name="Steps">Steps that were kept.</param>
/// <param name="Rejected">Steps that were tried and thrown away because of their error.</param>
/// <param name="Evaluations">Of the field (of the force, for symplectic methods).</param>
public readonly record struct OdeOutcome(OdeStop StopReason, int Reached, double LastTime, int Steps, int Rejected, int Evaluations)
{
    /// <summary>Whether the last time was reached.</summary>
    public bool IsCompleted => StopReason == OdeStop.Completed;
}
