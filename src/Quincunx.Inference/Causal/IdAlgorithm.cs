namespace Quincunx.Inference.Causal;

/// <summary>The algorithms ID and IDC, in the steps of the papers.</summary>
/// <remarks>
/// ID: Shpitser and Pearl 2006, Identification of joint interventional distributions in recursive semi-Markovian causal models, AAAI, 1219.
/// IDC: Shpitser and Pearl 2006, Identification of conditional interventional distributions, UAI, 437. One order of the variables serves
/// throughout. A conditional of the observed distribution is written with what it depends on alone: the parents and districts of the
/// variable among its predecessors, which is the Markov property of the diagram (Tian and Pearl 2002, UAI, 519).
/// </remarks>
internal sealed class IdAlgorithm(CausalGraph graph)
{
    /// <summary>Where ID failed: the diagram of that call, a single district, and the part of it that is one after the intervention.</summary>
    public (CausalGraph Graph, VariableSet Inner)? Failure { get; private set; }

    /// <summary>The question as it was decided, and its formula, or null with <see cref="Failure"/> set.</summary>
    public (CausalQuery Reduced, Estimand? Estimand) Idc(CausalQuery query)
    {
        (VariableSet y, VariableSet x, VariableSet z) = query;

        // 1: an observation that may count as an intervention (rule 2 of the do-calculus) does.
        foreach (string observed in z)
        {
            if (graph.WithoutIncoming(x).WithoutOutgoing(observed).Separates(y, observed, x | z - observed))
            {
                return Idc(new CausalQuery(y, x | observed, z - observed));
            }
        }

        // 2: let P' = ID(y ∪ z, x, P, G), return P' / Σ_y P'
        Estimand? joint = Id(y | z, x, new ProbabilityEstimand(graph.Variables, VariableSet.Empty), graph);
        return (query, joint is null || z.IsEmpty ? joint : EstimandAlgebra.Quotient(joint, EstimandAlgebra.Sum(y, joint)));
    }

    /// <param name="p">The distribution of the variables of <paramref name="g"/>; others that occur have the values set outside.</param>
    private Estimand? Id(VariableSet y, VariableSet x, Estimand p, CausalGraph g)
    {
        VariableSet v = g.Variables;

        // 1: if x = ∅, return Σ_{v \ y} P(v)
        if (x.IsEmpty)
        {
            return EstimandAlgebra.Sum(v - y, p);
        }

        // 2: what does not cause y is summed out
        VariableSet causes = g.Ancestors(y);
        if (causes != v)
        {
            return Id(y, x & causes, EstimandAlgebra.Sum(v - causes, p), g.Induced(causes));
        }

        // 3: where x is set, w does not act on y: it may be set, too, and to anything
        VariableSet w = v - x - g.WithoutIncoming(x).Ancestors(y);
        if (!w.IsEmpty)
        {
            return Id(y, x | w, p, g);
        }

        // 4: the districts of G \ X are effects of their own
        IReadOnlyList<VariableSet> districts = g.Induced(v - x).Districts();
        if (districts.Count > 1)
        {
            List<Estimand> effects = [];
            foreach (VariableSet si in districts)
            {
                if (Id(si, v - si, p, g) is not { } effect)
                {
                    return null;
                }

                effects.Add(effect);
            }

            return EstimandAlgebra.Sum(v - (y | x), EstimandAlgebra.Product(effects));
        }

        VariableSet s = districts[0], around = g.District(s);

        // 5: G is a single district: fail with the hedge (G, S)
        if (around == v)
        {
            Failure = (g, s);
            return null;
        }

        // 6: S is a district of G
        if (around == s)
        {
            return EstimandAlgebra.Sum(s - y, Kernel(s, p, g));
        }

        // 7: S lies in a larger district S'
        return Id(y, x & around, Kernel(around, p, g), g.Induced(around));
    }

    /// <summary>Π_{i: V_i ∈ S} P(v_i | v_π^(i-1)): how a district of g comes about from its predecessors.</summary>
    private Estimand Kernel(VariableSet district, Estimand p, CausalGraph g)
    {
        List<Estimand> factors = [];
        VariableSet before = VariableSet.Empty;
        foreach (string vi in graph.TopologicalOrder.Where(g.Variables.Contains))
        {
            if (district.Contains(vi))
            {
                factors.Add(Conditional(vi, before, p, g));
            }

            before |= vi;
        }

        return EstimandAlgebra.Product(factors);
    }

    private static Estimand Conditional(string vi, VariableSet before, Estimand p, CausalGraph g)
    {
        if (p is ProbabilityEstimand { Given.IsEmpty: true })
        {
            CausalGraph past = g.Induced(before | vi);
            VariableSet around = past.District(vi);
            return new ProbabilityEstimand(vi, (around | past.Parents(around)) - vi);
        }

        VariableSet after = g.Variables - before - vi;
        return EstimandAlgebra.Quotient(EstimandAlgebra.Sum(after, p), EstimandAlgebra.Sum(after | vi, p));
    }
}
