using Quincunx.Inference.Causal;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Causal;

/// <summary>Random diagrams, and answers found by going through everything there is.</summary>
internal static class Graphs
{
    /// <summary>A diagram over A, B, C … in which each pair has an edge of either kind with its probability.</summary>
    /// <param name="inOrder">Whether causes come before effects in the alphabet, too.</param>
    public static CausalGraph Random(int variables, double directed, double bidirected, Rng rng, bool inOrder = false)
    {
        string[] names = [.. Enumerable.Range(0, variables).Select(i => ((char)('A' + i)).ToString())];
        string[] causal = inOrder ? names : [.. rng.Permutation(variables).Select(i => names[i])];
        List<(string, string)> arrows = [], arcs = [];
        for (int i = 0; i < variables; i++)
        {
            for (int j = i + 1; j < variables; j++)
            {
                if (rng.NextBernoulli(directed))
                {
                    arrows.Add((causal[i], causal[j]));
                }

                if (rng.NextBernoulli(bidirected))
                {
                    arcs.Add((causal[i], causal[j]));
                }
            }
        }

        return new CausalGraph(names, arrows, arcs);
    }

    /// <summary>All subsets, small ones first.</summary>
    public static IEnumerable<VariableSet> Subsets(VariableSet of) =>
        Enumerable.Range(0, 1 << of.Count)
            .OrderBy(bits => int.PopCount(bits))
            .Select(bits => VariableSet.Create([.. of.Where((_, i) => (bits >> i & 1) == 1)]));

    /// <summary>Those of the sets, in order of size, that contain no other one for which the condition holds.</summary>
    public static VariableSet[] Minimal(IEnumerable<VariableSet> sets, Func<VariableSet, bool> holds)
    {
        List<VariableSet> found = [];
        found.AddRange(sets.Where(set => !found.Any(smaller => smaller.IsSubsetOf(set)) && holds(set)));
        return [.. found];
    }

    /// <summary>Whether a path without repetition is open, by its definition: every one is walked.</summary>
    /// <param name="intoX">Whether only paths count that begin with an arrowhead at x.</param>
    public static bool HasOpenPath(CausalGraph graph, string x, string y, VariableSet given, bool intoX = false)
    {
        // An edge with the marks at both its ends: true is an arrowhead.
        var edges = graph.Directed.Select(e => (From: e.Cause, To: e.Effect, HeadAtFrom: false, HeadAtTo: true))
            .Concat(graph.Directed.Select(e => (From: e.Effect, To: e.Cause, HeadAtFrom: true, HeadAtTo: false)))
            .Concat(graph.Bidirected.SelectMany(e => new[] { (From: e.A, To: e.B, HeadAtFrom: true, HeadAtTo: true), (From: e.B, To: e.A, HeadAtFrom: true, HeadAtTo: true) }))
            .ToLookup(e => e.From);
        return Walk([x], headAtEnd: null);

        bool Walk(List<string> path, bool? headAtEnd)
        {
            string end = path[^1];
            if (end == y)
            {
                return true;
            }

            foreach (var edge in edges[end].Where(edge => !path.Contains(edge.To)))
            {
                bool open = headAtEnd switch
                {
                    null => edge.HeadAtFrom || !intoX,
                    true when edge.HeadAtFrom => graph.Descendants(end).Overlaps(given),
                    _ => !given.Contains(end),
                };
                if (open && Walk([.. path, edge.To], edge.HeadAtTo))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The moralised ancestral criterion: remove what causes none of the variables, join all that meet at arrowheads, and look for a path around the given ones.</summary>
    public static bool SeparatesByMoralGraph(CausalGraph graph, VariableSet x, VariableSet y, VariableSet given)
    {
        CausalGraph ancestral = graph.Induced(graph.Ancestors(x | y | given));
        HashSet<(string, string)> joined = [];
        foreach (VariableSet district in ancestral.Districts())
        {
            foreach (string a in district | ancestral.Parents(district))
            {
                joined.UnionWith((district | ancestral.Parents(district)).Select(b => (a, b)));
            }
        }

        VariableSet reached = x;
        while (true)
        {
            VariableSet next = VariableSet.Create([.. reached, .. joined.Where(pair => reached.Contains(pair.Item1) && !given.Contains(pair.Item2)).Select(pair => pair.Item2)]);
            if (next == reached)
            {
                return !reached.Overlaps(y);
            }

            reached = next;
        }
    }
}
