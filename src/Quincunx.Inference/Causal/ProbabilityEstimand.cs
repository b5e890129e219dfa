namespace Quincunx.Inference.Causal;

/// <summary>P(of | given) of the observed distribution.</summary>
public sealed class ProbabilityEstimand : Estimand
{
    /// <exception cref="ArgumentException">There is nothing to have a probability, or a variable is on both sides.</exception>
    public ProbabilityEstimand(VariableSet of, VariableSet given)
    {
        if (of.IsEmpty || of.Overlaps(given))
        {
            throw new ArgumentException($"Expected one or more variables, and other ones to condition on, got ({of}) and ({given}).", nameof(of));
        }

        (Of, Given, FreeVariables) = (of, given, of | given);
    }

    public VariableSet Of { get; }

    public VariableSet Given { get; }

    public override VariableSet FreeVariables { get; }
}
