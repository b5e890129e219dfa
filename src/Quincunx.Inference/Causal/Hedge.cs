namespace Quincunx.Inference.Causal;

/// <summary>The proof that an effect cannot be computed from what is observed: two forests of the diagram that no observation tells apart.</summary>
/// <remarks>
/// Shpitser and Pearl 2006, AAAI, 1219. A C-forest is a part of a diagram that is one district and in which each variable has at most one effect;
/// its roots are those without any. A hedge for P(y | do(x)) is a C-forest that meets X and an inner one that does not, with the same roots,
/// which are ancestors of Y in the diagram without the edges into X. Then P(y | do(x)) is not identified. X is the whole treatment: a hedge for a part of it
/// proves nothing, contrary to that paper's corollary 3 (Shpitser 2023, arXiv:2307.03750).
/// </remarks>
/// <param name="Query">The question; conditions count as outcomes.</param>
/// <param name="Forest">The outer C-forest F, with the edges it needs alone.</param>
/// <param name="Inner">The inner C-forest F', part of F.</param>
/// <param name="Roots">The root set R of both.</param>
public sealed record Hedge(CausalQuery Query, CausalGraph Forest, CausalGraph Inner, VariableSet Roots)
{
    /// <summary>What is wrong with it by the definition, in words; empty if it proves that the query is not identified in a diagram.</summary>
    public IReadOnlyList<string> Faults(CausalGraph graph)
    {
        (VariableSet y, VariableSet x) = (Query.Outcome | Query.Given, Query.Treatment);
        List<string> faults = [];
        Expect(IsPart(Forest, graph), "the forest is no part of the diagram");
        Expect(IsPart(Inner, Forest), "the inner forest is no part of the outer one");
        foreach ((CausalGraph forest, string name) in new[] { (Forest, "forest"), (Inner, "inner forest") })
        {
            Expect(forest.Districts().Count == 1, $"the {name} is not one district");
            Expect(forest.Variables.All(v => forest.Children(v).Count <= 1), $"a variable of the {name} has two effects in it");
            Expect(VariableSet.From(forest.Variables.Where(v => forest.Children(v).IsEmpty)) == Roots, $"the roots of the {name} are other ones");
        }

        Expect(Forest.Variables.Overlaps(x), "the forest does not meet the treatment");
        Expect(!Inner.Variables.Overlaps(x), "the inner forest meets the treatment");
        Expect(x.IsSubsetOf(graph.Variables) && y.IsSubsetOf(graph.Variables) && Roots.IsSubsetOf(graph.WithoutIncoming(x).Ancestors(y)),
            "a root is no ancestor of the outcome once the treatment is set");
        return faults;

        void Expect(bool holds, string otherwise)
        {
            if (!holds)
            {
                faults.Add(otherwise);
            }
        }
    }

    /// <summary>Two models of the diagram with the same joint distribution of what is observed, and different distributions of outcome and conditions after every do(treatment).</summary>
    /// <remarks>What no formula could tell apart, in numbers; they are exact (multiples of powers of 1/2). Variables that the proof does not need are constant.</remarks>
    /// <exception cref="ArgumentException">This is no hedge of the diagram: see <see cref="Faults"/>.</exception>
    public (DiscreteCausalModel First, DiscreteCausalModel Second) Witness(CausalGraph graph)
    {
        if (Faults(graph) is [var fault, ..])
        {
            throw new ArgumentException($"Expected a diagram with this hedge in it, got one where {fault}.", nameof(graph));
        }

        var witness = new HedgeWitness(graph, this);
        return (witness.Model(innerAlone: false), witness.Model(innerAlone: true));
    }

    /// <summary>Both forests.</summary>
    public override string ToString() => $"hedge for {Query} with the forests ({Forest}) and ({Inner}), rooted in {Roots}";

    /// <summary>The hedge where ID fails: a single district, and the part of it that is a district of its own once the rest is set.</summary>
    /// <remarks>
    /// The outer variables are those of the failing call, all of them ancestors of the inner ones. As roots we take the inner variables that have no effect among the inner
    /// ones. Every other inner variable keeps one effect there, and every outer one a step on its way to them, so that both forests have these roots.
    /// </remarks>
    internal static Hedge Of(CausalGraph district, VariableSet inner, CausalQuery query)
    {
        List<(string, string)> directed = [], bidirected = [];
        VariableSet roots = VariableSet.From(inner.Where(v => !district.Children(v).Overlaps(inner)));
        directed.AddRange((inner - roots).Select(v => (v, (district.Children(v) & inner)[0])));
        Grow(inner, v => district.Parents(v), (next, v) => directed.Add((next, v)));

        // A tree of bidirected edges over the inner variables, which then grows over the others.
        Grow(inner[0], v => district.Spouses(v) & inner, (next, v) => bidirected.Add((next, v)));
        Grow(inner, v => district.Spouses(v), (next, v) => bidirected.Add((next, v)));
        var forest = new CausalGraph(district.Variables, directed, bidirected);
        return new Hedge(query, forest, forest.Induced(inner), roots);
    }

    // Breadth first: adds each variable that is not there yet, by the step that reaches it first.
    private static void Grow(VariableSet from, Func<string, VariableSet> neighbours, Action<string, string> add)
    {
        HashSet<string> seen = new(from, StringComparer.Ordinal);
        var open = new Queue<string>(from);
        while (open.TryDequeue(out string? at))
        {
            foreach (string next in neighbours(at).Where(seen.Add))
            {
                add(next, at);
                open.Enqueue(next);
            }
        }
    }

    private static bool IsPart(CausalGraph part, CausalGraph whole) =>
        part.Variables.IsSubsetOf(whole.Variables) && part.Directed.All(whole.Directed.Contains) && part.Bidirected.All(whole.Bidirected.Contains);
}
