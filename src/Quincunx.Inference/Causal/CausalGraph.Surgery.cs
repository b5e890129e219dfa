namespace Quincunx.Inference.Causal;

public sealed partial class CausalGraph
{
    /// <summary>The graph without edges that point to the variables, bidirected ones included: what do(·) leaves. Pearl's G with a bar over X.</summary>
    public CausalGraph WithoutIncoming(VariableSet into)
    {
        CheckKnown(into, nameof(into));
        return Filtered(edge => !into.Contains(edge.Effect), edge => !into.Contains(edge.A) && !into.Contains(edge.B));
    }

    /// <summary>The graph without directed edges out of the variables; what hidden causes do to them stays. Pearl's G with a bar under X.</summary>
    public CausalGraph WithoutOutgoing(VariableSet from)
    {
        CheckKnown(from, nameof(from));
        return Filtered(edge => !from.Contains(edge.Cause), _ => true);
    }

    /// <summary>The variables of a set with the edges between them.</summary>
    public CausalGraph Induced(VariableSet on)
    {
        CheckKnown(on, nameof(on));
        return new CausalGraph(
            on,
            Directed.Where(edge => on.Contains(edge.Cause) && on.Contains(edge.Effect)),
            Bidirected.Where(edge => on.Contains(edge.A) && on.Contains(edge.B)));
    }

    /// <summary>The latent projection: the graph over the others that says the same about them once some variables are hidden.</summary>
    /// <remarks>
    /// Verma and Pearl 1990, UAI, 220. Variables are taken out one by one: a hidden variable's causes become causes of its effects, its effects get a hidden
    /// common cause with each other and with what it shared one with. The order does not matter.
    /// </remarks>
    public CausalGraph Project(VariableSet hidden)
    {
        CheckKnown(hidden, nameof(hidden));
        HashSet<(string Cause, string Effect)> directed = [.. Directed];
        HashSet<(string A, string B)> bidirected = [.. Bidirected];
        foreach (string h in hidden)
        {
            string[] causes = [.. directed.Where(edge => edge.Effect == h).Select(edge => edge.Cause)];
            string[] effects = [.. directed.Where(edge => edge.Cause == h).Select(edge => edge.Effect)];
            string[] spouses = [.. bidirected.Where(edge => edge.A == h || edge.B == h).Select(edge => edge.A == h ? edge.B : edge.A)];
            directed.RemoveWhere(edge => edge.Cause == h || edge.Effect == h);
            bidirected.RemoveWhere(edge => edge.A == h || edge.B == h);
            directed.UnionWith(from cause in causes from effect in effects select (cause, effect));
            bidirected.UnionWith(from effect in effects from other in effects.Concat(spouses) where effect != other select Ascending((effect, other)));
        }

        return new CausalGraph(Variables - hidden, directed, bidirected);
    }

    /// <summary>All variables, and the edges for which the conditions hold.</summary>
    internal CausalGraph Filtered(Func<(string Cause, string Effect), bool> directed, Func<(string A, string B), bool> bidirected) =>
        new(Variables, Directed.Where(directed), Bidirected.Where(bidirected));
}
