using System.Diagnostics;

namespace Quincunx.Inference.Causal;

/// <summary>Sums, products and quotients of formulas in a simple form: each rule holds for every distribution.</summary>
internal static class EstimandAlgebra
{
    public static Estimand One { get; } = new ProductEstimand([]);

    public static Estimand Product(params IEnumerable<Estimand> factors)
    {
        var flat = factors.SelectMany(Factors).ToList();
        while (TryChain(flat))
        {
        }

        // Probabilities are written before sums and quotients.
        Estimand[] sorted = [.. flat.OrderBy(factor => factor is ProbabilityEstimand ? 0 : 1).ThenBy(factor => factor.ToString(), StringComparer.Ordinal)];
        return sorted.Length == 1 ? sorted[0] : new ProductEstimand(sorted);
    }

    public static Estimand Sum(VariableSet over, Estimand term)
    {
        if (over.IsEmpty)
        {
            return term;
        }

        Debug.Assert(over.IsSubsetOf(term.FreeVariables), "A sum over what the term does not depend on would count its states.");
        switch (term)
        {
            case SumEstimand inner:
                return Sum(over | inner.Over, inner.Term);
            case QuotientEstimand quotient when !quotient.Denominator.FreeVariables.Overlaps(over):
                return Quotient(Sum(over, quotient.Numerator), quotient.Denominator);
        }

        // Probabilities of something sum to 1: Σ_a P(a, b | c) f = P(b | c) f where f does not depend on a.
        List<Estimand> factors = [.. Factors(term)];
        for (int i = 0; i < factors.Count; i++)
        {
            VariableSet elsewhere = VariableSet.From(factors.Where((_, j) => j != i).SelectMany(factor => factor.FreeVariables));
            if (factors[i] is ProbabilityEstimand p && (p.Of & over) - elsewhere is { IsEmpty: false } gone && (over & p.Given).IsSubsetOf(elsewhere))
            {
                factors[i] = gone == p.Of ? One : new ProbabilityEstimand(p.Of - gone, p.Given);
                return Sum(over - gone, Product(factors));
            }
        }

        // Factors that share no variable that is summed over have sums of their own.
        List<Estimand> sums = [];
        while (factors.Count > 0)
        {
            List<Estimand> group = [factors[0]];
            VariableSet shared = factors[0].FreeVariables & over;
            factors.RemoveAt(0);
            while (factors.Find(factor => factor.FreeVariables.Overlaps(shared)) is { } joins)
            {
                group.Add(joins);
                shared |= joins.FreeVariables & over;
                factors.Remove(joins);
            }

            Estimand product = group.Count == 1 ? group[0] : new ProductEstimand(group);
            sums.Add(shared.IsEmpty ? product : sums.Count == 0 && factors.Count == 0 ? new SumEstimand(shared, product) : Sum(shared, product));
        }

        return Product(sums);
    }

    public static Estimand Quotient(Estimand numerator, Estimand denominator)
    {
        if (numerator is QuotientEstimand quotient)
        {
            return Quotient(quotient.Numerator, Product(quotient.Denominator, denominator));
        }

        List<Estimand> above = [.. Factors(numerator)], below = [.. Factors(denominator)];
        below.RemoveAll(above.Remove);                                          // what is common to both
        for (int i = 0; i < below.Count; i++)
        {
            // P(a, b | c) / P(b | c) = P(a | b, c)
            int place = below[i] is ProbabilityEstimand d
                ? above.FindIndex(factor => factor is ProbabilityEstimand n && n.Given == d.Given && d.Of.IsSubsetOf(n.Of))
                : -1;
            if (place >= 0)
            {
                (var n, var p) = ((ProbabilityEstimand)above[place], (ProbabilityEstimand)below[i]);
                above[place] = new ProbabilityEstimand(n.Of - p.Of, p.Of | p.Given);
                below.RemoveAt(i--);
            }
        }

        return below.Count == 0 ? Product(above) : new QuotientEstimand(Product(above), Product(below));
    }

    private static IEnumerable<Estimand> Factors(Estimand of) => of is ProductEstimand product ? product.Factors : [of];

    // P(a | b, c) P(b | c) = P(a, b | c)
    private static bool TryChain(List<Estimand> factors)
    {
        for (int i = 0; i < factors.Count; i++)
        {
            for (int j = 0; j < factors.Count; j++)
            {
                if (factors[i] is ProbabilityEstimand a && factors[j] is ProbabilityEstimand b && a.Given == b.FreeVariables)
                {
                    factors[i] = new ProbabilityEstimand(a.Of | b.Of, b.Given);
                    factors.RemoveAt(j);
                    return true;
                }
            }
        }

        return false;
    }
}
