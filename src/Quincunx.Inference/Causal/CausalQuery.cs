namespace Quincunx.Inference.Causal;

/// <summary>The question P(outcome | do(treatment), given).</summary>
/// <param name="Outcome">At least one variable.</param>
/// <param name="Treatment">What is intervened on.</param>
/// <param name="Given">What is observed after the intervention.</param>
public sealed record CausalQuery(VariableSet Outcome, VariableSet Treatment, VariableSet Given)
{
    /// <summary>P(outcome | do(treatment)).</summary>
    public CausalQuery(VariableSet outcome, VariableSet treatment)
        : this(outcome, treatment, VariableSet.Empty)
    {
    }

    /// <summary><c>P(Y | do(X), Z)</c>.</summary>
    public override string ToString() => EstimandText.Query(this, latex: false);

    /// <summary>The question as LaTeX.</summary>
    public string ToLatex() => EstimandText.Query(this, latex: true);
}
