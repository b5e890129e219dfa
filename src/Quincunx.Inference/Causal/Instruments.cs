namespace Quincunx.Inference.Causal;

/// <summary>Instrumental variables for the total effect of one variable on another, conditional ones included.</summary>
/// <remarks>
/// Pearl 2009, Causality, section 7.4.5, in graphical form: Z is an instrument given W if Z and W are not affected by X, W separates Z from Y in the
/// graph without the edges into X, and does not separate Z from X in the graph itself. Where X acts on Y by the edge X → Y alone, and W has no
/// descendants of X, that is the conditional instrument of Brito and Pearl 2002, UAI, 85. An instrument alone does not
/// identify an effect: it bounds it, and gives it under further assumptions (linearity, monotonicity).
/// </remarks>
public static class Instruments
{
    /// <summary>Whether Z is an instrument given W.</summary>
    /// <exception cref="ArgumentException">A variable is unknown, or comes twice.</exception>
    public static bool Holds(CausalGraph graph, string x, string y, Instrument z)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y), (nameof(z), z.Variable), (nameof(z), z.Given));
        return !graph.Descendants(x).Overlaps(z.Given | z.Variable)
            && graph.WithoutIncoming(x).Separates(z.Variable, y, z.Given)
            && !graph.Separates(z.Variable, x, z.Given);
    }

    /// <summary>All instruments with all their minimal conditioning sets (no smaller part serves), variable by variable, small sets first.</summary>
    /// <remarks>
    /// Whether a variable has a conditioning set at all is NP-hard (van der Zander, Textor and Liśkiewicz 2015, IJCAI, 3243): all sets up to
    /// <paramref name="largest"/> are tried, as the result is read.
    /// </remarks>
    /// <param name="largest">Largest size of a conditioning set.</param>
    /// <exception cref="ArgumentException">A variable is unknown, or x is y.</exception>
    public static IEnumerable<Instrument> Find(CausalGraph graph, string x, string y, int largest = int.MaxValue)
    {
        graph.CheckDisjoint((nameof(x), x), (nameof(y), y));
        ArgumentOutOfRangeException.ThrowIfNegative(largest);
        VariableSet unaffected = graph.Variables - graph.Descendants(x) - y;
        return unaffected.SelectMany(z => MinimalGiven(z, unaffected - z));

        IEnumerable<Instrument> MinimalGiven(string z, VariableSet candidates)
        {
            List<VariableSet> found = [];
            for (int size = 0; size <= Math.Min(largest, candidates.Count); size++)
            {
                foreach (VariableSet given in Combinations(candidates, size).Where(set => !found.Exists(part => part.IsSubsetOf(set))))
                {
                    var instrument = new Instrument(z, given);
                    if (Holds(graph, x, y, instrument))
                    {
                        found.Add(given);
                        yield return instrument;
                    }
                }
            }
        }
    }

    private static IEnumerable<VariableSet> Combinations(VariableSet of, int size) =>
        size == 0
            ? [VariableSet.Empty]
            : of.SelectMany((first, i) => Combinations(VariableSet.From(of.Skip(i + 1)), size - 1).Select(rest => rest | first));
}
