using Quincunx.Inference.Causal;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Causal;

/// <summary>Random models of a diagram, and all assignments of states.</summary>
internal static class Models
{
    /// <summary>A model whose observed diagram is the given one: binary variables, and a binary hidden cause for each bidirected edge.</summary>
    public static DiscreteCausalModel Random(CausalGraph graph, Rng rng)
    {
        (string Name, string A, string B)[] hidden = [.. graph.Bidirected.Select(e => ($"u_{e.A}_{e.B}", e.A, e.B))];
        return new DiscreteCausalModel([
            .. hidden.Select(u => new DiscreteMechanism(u.Name, 2, [], Rows(1, rng.Split(u.Name))) { Hidden = true }),
            .. graph.Variables.Select(v =>
            {
                string[] causes = [.. graph.Parents(v), .. hidden.Where(u => u.A == v || u.B == v).Select(u => u.Name)];
                return new DiscreteMechanism(v, 2, causes, Rows(1 << causes.Length, rng.Split(v)));
            }),
        ]);
    }

    /// <summary>A model with a causal diagram of its own, some of whose variables are hidden wherever they stand in it: causes of many, links of chains, effects.</summary>
    public static DiscreteCausalModel Random(CausalGraph full, VariableSet hidden, Rng rng) => new(full.Variables.Select(v =>
        new DiscreteMechanism(v, 2, full.Parents(v), Rows(1 << full.Parents(v).Count, rng.Split(v))) { Hidden = hidden.Contains(v) }));

    /// <summary>Every assignment of states to the variables.</summary>
    public static IEnumerable<(string Name, int State)[]> Assignments(VariableSet of, DiscreteJoint joint) =>
        of.Aggregate<string, IEnumerable<(string, int)[]>>([[]], (before, name) =>
            before.SelectMany(states => Enumerable.Range(0, joint.States(name)).Select(state => ((string, int)[])[.. states, (name, state)])));

    private static double[] Rows(int rows, Rng rng) => [.. Enumerable.Range(0, rows).Select(_ => 0.05 + (0.9 * rng.NextDouble())).SelectMany(p => new[] { 1 - p, p })];
}
