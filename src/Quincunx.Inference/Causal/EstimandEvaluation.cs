namespace Quincunx.Inference.Causal;

/// <summary>Computes formulas on one distribution, by running through the states of what they sum over.</summary>
internal sealed class EstimandEvaluation(DiscreteJoint joint)
{
    private readonly Dictionary<VariableSet, DiscreteJoint> _marginals = [];

    public EstimandValue Of(Estimand estimand, ReadOnlySpan<(string Name, int State)> at)
    {
        _ = joint.Checked(at);
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string name, int state) in at)
        {
            states.Add(name, state);
        }

        if (estimand.FreeVariables.FirstOrDefault(name => !states.ContainsKey(name)) is { } missing)
        {
            throw new ArgumentException($"Expected a state for each of {estimand.FreeVariables}, got none for '{missing}'.", nameof(at));
        }

        return Of(estimand, states);
    }

    private EstimandValue Of(Estimand estimand, Dictionary<string, int> states) => estimand switch
    {
        ProbabilityEstimand p => Conditional(p, states),
        ProductEstimand product => Product(product, states),
        SumEstimand sum => Sum(sum, states),
        QuotientEstimand quotient => Quotient(quotient, states),
        _ => throw new ArgumentOutOfRangeException(nameof(estimand), estimand, "Expected a known kind of formula."),
    };

    private EstimandValue Conditional(ProbabilityEstimand p, Dictionary<string, int> states)
    {
        double given = p.Given.IsEmpty ? 1 : Probability(p.Given, states);
        return given > 0 ? new EstimandValue(Probability(p.FreeVariables, states) / given) : new EstimandValue(double.NaN, Text(p.Given, states));
    }

    // 0 times what has no value is 0: a conditional probability is between 0 and 1 however it is defined where the condition never holds.
    private EstimandValue Product(ProductEstimand product, Dictionary<string, int> states)
    {
        var result = new EstimandValue(1);
        foreach (Estimand factor in product.Factors)
        {
            EstimandValue value = Of(factor, states);
            if (value.Value == 0)
            {
                return value;
            }

            result = new EstimandValue(result.Value * value.Value, result.EmptyStratum ?? value.EmptyStratum);
        }

        return result;
    }

    private EstimandValue Sum(SumEstimand sum, Dictionary<string, int> states)
    {
        var inner = new Dictionary<string, int>(states, StringComparer.Ordinal);
        int[] counts = [.. sum.Over.Select(joint.States)];
        double total = 0;
        for (int cell = 0, cells = counts.Aggregate(1, (product, count) => product * count); cell < cells; cell++)
        {
            for (int i = 0, rest = cell; i < counts.Length; rest /= counts[i], i++)
            {
                inner[sum.Over[i]] = rest % counts[i];
            }

            EstimandValue value = Of(sum.Term, inner);
            if (value.EmptyStratum is not null)
            {
                return value;
            }

            total += value.Value;
        }

        return new EstimandValue(total);
    }

    private EstimandValue Quotient(QuotientEstimand quotient, Dictionary<string, int> states)
    {
        EstimandValue below = Of(quotient.Denominator, states), above = Of(quotient.Numerator, states);
        return (below.EmptyStratum ?? above.EmptyStratum) is { } empty ? new EstimandValue(double.NaN, empty)
            : below.Value == 0 ? new EstimandValue(double.NaN, Text(quotient.Denominator.FreeVariables, states))
            : new EstimandValue(above.Value / below.Value);
    }

    private double Probability(VariableSet of, Dictionary<string, int> states)
    {
        if (!_marginals.TryGetValue(of, out DiscreteJoint? marginal))
        {
            _marginals.Add(of, marginal = joint.Marginal(of));
        }

        int cell = 0;
        foreach ((string name, int count) in marginal.Axes)
        {
            cell = (cell * count) + states[name];
        }

        return marginal.Table[cell];
    }

    private static string Text(VariableSet of, Dictionary<string, int> states) => Stratum.Text([.. of.Select(name => (name, states[name]))]);
}
