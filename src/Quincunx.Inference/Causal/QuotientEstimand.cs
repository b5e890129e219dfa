namespace Quincunx.Inference.Causal;

/// <summary>A quotient of two formulas.</summary>
public sealed class QuotientEstimand : Estimand
{
    internal QuotientEstimand(Estimand numerator, Estimand denominator) =>
        (Numerator, Denominator, FreeVariables) = (numerator, denominator, numerator.FreeVariables | denominator.FreeVariables);

    public Estimand Numerator { get; }

    public Estimand Denominator { get; }

    public override VariableSet FreeVariables { get; }
}
