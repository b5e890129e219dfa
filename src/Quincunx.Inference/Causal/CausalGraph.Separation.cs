namespace Quincunx.Inference.Causal;

public sealed partial class CausalGraph
{
    /// <summary>Whether every path between two sets is blocked by a third: d-separation, and m-separation where edges are bidirected.</summary>
    /// <remarks>
    /// A path is blocked by a variable in <paramref name="given"/> at which arrows do not meet, or by one at which arrows meet and that has no descendant
    /// there (Pearl 2009, Causality, definition 1.2.3; Richardson 2003, Scand. J. Stat. 30, 145, for bidirected edges). If it holds, the two sets are
    /// independent given the third in every model of this diagram. Time is linear in the size of the graph but for the sorting of names: each variable is
    /// visited at most twice, once through an arrowhead and once through a tail (Shachter 1998, UAI, 480: the Bayes ball).
    /// </remarks>
    /// <exception cref="ArgumentException">A variable is unknown, or in two of the sets.</exception>
    public bool Separates(VariableSet x, VariableSet y, VariableSet given)
    {
        CheckDisjoint((nameof(x), x), (nameof(y), y), (nameof(given), given));
        return !ConnectedWith(x, given).Overlaps(y);
    }

    /// <summary>All variables outside <paramref name="given"/> to which a path from <paramref name="x"/> is open, those of x included.</summary>
    internal VariableSet ConnectedWith(VariableSet x, VariableSet given)
    {
        HashSet<string> causesOfGiven = new(Ancestors(given), StringComparer.Ordinal), blocks = new(given, StringComparer.Ordinal);
        HashSet<(string Variable, bool ThroughHead)> seen = [];
        var open = new Queue<(string Variable, bool ThroughHead)>();
        foreach (string start in x)
        {
            Leave(start, toCauses: true, toEffects: true);
        }

        while (open.TryDequeue(out (string Variable, bool ThroughHead) at))
        {
            bool passes = !blocks.Contains(at.Variable), opens = at.ThroughHead && causesOfGiven.Contains(at.Variable);
            Leave(at.Variable, toCauses: at.ThroughHead ? opens : passes, toEffects: passes);
        }

        return VariableSet.From(seen.Select(visit => visit.Variable)) - given | x;

        // Edges that have their head here (from causes, and from hidden common causes), and edges that have their tail here.
        void Leave(string variable, bool toCauses, bool toEffects)
        {
            if (toCauses)
            {
                Visit(_parents, variable, throughHead: false);
                Visit(_spouses, variable, throughHead: true);
            }

            if (toEffects)
            {
                Visit(_children, variable, throughHead: true);
            }
        }

        void Visit(Dictionary<string, VariableSet> next, string variable, bool throughHead)
        {
            foreach (string neighbour in next.GetValueOrDefault(variable, VariableSet.Empty).Where(neighbour => seen.Add((neighbour, throughHead))))
            {
                open.Enqueue((neighbour, throughHead));
            }
        }
    }
}
