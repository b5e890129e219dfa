namespace Quincunx.Inference.Causal;

/// <summary>Makes two models of a diagram that agree in all that is observed and differ in an effect, from a hedge.</summary>
/// <remarks>
/// After the proof of Shpitser and Pearl 2006, AAAI, 1219, that a hedge rules a formula out. Every variable of the forest is a bit, and so is the hidden cause of each of its
/// bidirected edges. In the first model a bit is the parity of its causes in the outer forest. In the second one the inner variables heed the inner forest
/// alone. Every bit reaches exactly one root, and a hidden cause does so twice, so that the parity of all roots is even, whatever is observed; all else is uniform, in both
/// models. Where the treatment cuts the outer forest, the hidden cause of an edge between the two sides reaches the roots once: in the first model their parity
/// is now random, and in the second it stays even. The parity travels from the roots to the outcome along paths that avoid the treatment, as a second bit of the variables there.
/// </remarks>
internal sealed class HedgeWitness
{
    private readonly CausalGraph _graph;
    private readonly Hedge _hedge;
    private readonly Dictionary<string, string?> _next = new(StringComparer.Ordinal);      // of a variable that carries parity: to where

    public HedgeWitness(CausalGraph graph, Hedge hedge)
    {
        (_graph, _hedge) = (graph, hedge);
        VariableSet outcome = hedge.Query.Outcome | hedge.Query.Given;
        CausalGraph after = graph.WithoutIncoming(hedge.Query.Treatment);
        Dictionary<string, string?> towards = outcome.ToDictionary(y => y, string? (_) => null, StringComparer.Ordinal);
        for (var open = new Queue<string>(outcome); open.TryDequeue(out string? at);)
        {
            foreach (string cause in after.Parents(at).Where(cause => towards.TryAdd(cause, at)))
            {
                open.Enqueue(cause);
            }
        }

        foreach (string root in hedge.Roots)
        {
            for (string? at = root; at is not null && _next.TryAdd(at, towards[at]); at = towards[at])
            {
            }
        }
    }

    public DiscreteCausalModel Model(bool innerAlone)
    {
        IEnumerable<DiscreteMechanism> hidden = _hedge.Forest.Bidirected.Select(edge => new DiscreteMechanism(Hidden(edge), 2, [], [0.5, 0.5]) { Hidden = true });
        return new DiscreteCausalModel([
            .. hidden, .. _graph.Variables.Select(v => Mechanism(v, innerAlone && _hedge.Inner.Variables.Contains(v) ? _hedge.Inner : _hedge.Forest))]);
    }

    // Longer than any name, so that no variable has it.
    private string Hidden((string A, string B) edge) => $"hidden{new string('_', _graph.Variables.Max(v => v.Length))}{edge.A}_{edge.B}";

    private DiscreteMechanism Mechanism(string v, CausalGraph forest)
    {
        bool hasBit = forest.Variables.Contains(v);
        VariableSet bits = hasBit ? forest.Parents(v) : VariableSet.Empty;
        VariableSet carries = VariableSet.From(_next.Where(step => step.Value == v).Select(step => step.Key));
        string[] causes = [.. bits | carries], hidden = hasBit ? [.. forest.Bidirected.Where(edge => edge.A == v || edge.B == v).Select(Hidden)] : [];
        int[] states = [.. causes.Select(States), .. hidden.Select(_ => 2)];
        int rows = states.Aggregate(1, (product, count) => product * count);
        double[] table = new double[rows * States(v)];
        for (int row = 0; row < rows; row++)
        {
            int bit = 0, carry = 0;
            for (int i = states.Length - 1, rest = row; i >= 0; rest /= states[i], i--)
            {
                int state = rest % states[i];
                bool isHidden = i >= causes.Length;
                bit ^= isHidden || bits.Contains(causes[i]) ? state & 1 : 0;
                carry ^= !isHidden && carries.Contains(causes[i]) ? Carry(causes[i], state) : 0;
            }

            carry ^= _hedge.Roots.Contains(v) ? bit : 0;
            table[(row * States(v)) + (hasBit ? bit : 0) + (CarriesApart(v) ? carry * (hasBit ? 2 : 1) : 0)] = 1;
        }

        return new DiscreteMechanism(v, States(v), [.. causes, .. hidden], table);
    }

    // A bit of the forest, a bit that carries parity, both (in this order), or a constant.
    private int States(string v) => (_hedge.Forest.Variables.Contains(v) ? 2 : 1) * (CarriesApart(v) ? 2 : 1);

    private int Carry(string v, int state) => _hedge.Forest.Variables.Contains(v) && CarriesApart(v) ? state >> 1 : state;

    // A root that no parity comes to from elsewhere carries its own bit.
    private bool CarriesApart(string v) => _next.ContainsKey(v) && (!_hedge.Roots.Contains(v) || _next.ContainsValue(v));
}
