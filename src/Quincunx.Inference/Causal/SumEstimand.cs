namespace Quincunx.Inference.Causal;

/// <summary>A sum over all states of some variables.</summary>
public sealed class SumEstimand : Estimand
{
    internal SumEstimand(VariableSet over, Estimand term) => (Over, Term, FreeVariables) = (over, term, term.FreeVariables - over);

    public VariableSet Over { get; }

    public Estimand Term { get; }

    public override VariableSet FreeVariables { get; }
}
