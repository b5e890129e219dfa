namespace Quincunx.Inference.Causal;

/// <summary>A product; 1 if there are no factors.</summary>
public sealed class ProductEstimand : Estimand
{
    internal ProductEstimand(IReadOnlyList<Estimand> factors)
    {
        Factors = factors;
        FreeVariables = VariableSet.From(factors.SelectMany(factor => factor.FreeVariables));
    }

    public IReadOnlyList<Estimand> Factors { get; }

    public override VariableSet FreeVariables { get; }
}
