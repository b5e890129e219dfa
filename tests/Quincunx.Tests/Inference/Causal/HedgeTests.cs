using Quincunx.Inference.Causal;

namespace Quincunx.Tests.Inference.Causal;

public sealed class HedgeTests
{
    private static readonly CausalQuery Effect = new("Y", "X");

    [Theory]
    [InlineData("X -> Y; X <-> Y", "X -> Y; X <-> Y", "Y")]                                          // the bow
    [InlineData("Z -> X -> Y; X <-> Y", "X -> Y; X <-> Y", "Y")]                                     // an instrument does not help by itself
    [InlineData("X -> Z -> Y; X <-> Z", "X -> Z; X <-> Z", "Z")]                                     // the effect on Z, on the way to Y
    [InlineData("X -> Z -> Y; X <-> Y; Z <-> Y", "X -> Z; Z -> Y; X <-> Y; Y <-> Z", "Z -> Y; Y <-> Z")]   // a front door that is confounded
    [InlineData("X -> Y; W -> Y; X <-> W; W <-> Y", "X -> Y; W -> Y; X <-> W; W <-> Y", "W -> Y; W <-> Y")]
    public void Of_NotIdentified_GivesTheHedgeOnPaper(string text, string forest, string inner)
    {
        var graph = CausalGraph.Parse(text);
        var answer = Identification.Of(graph, Effect);
        Assert.Null(answer.Estimand);
        Assert.Equal(CausalGraph.Parse(forest).ToString(), answer.Hedge!.Forest.ToString());
        Assert.Equal(CausalGraph.Parse(inner).ToString(), answer.Hedge.Inner.ToString());
        AssertProves(answer.Hedge, Effect, graph);
        Assert.Throws<InvalidOperationException>(() => answer.Evaluate(new DiscreteJoint([("X", 1), ("Y", 1)], [1.0]), ("X", 0), ("Y", 0)));
    }

    // A hedge for one treatment is none for both (Shpitser 2023, arXiv:2307.03750).
    [Fact]
    public void Of_PartOfTheTreatment_ProvesNothingForTheWhole()
    {
        var graph = CausalGraph.Parse("X1 -> X2 -> Y; X1 <-> X2");
        Hedge hedge = Identification.Of(graph, new CausalQuery("Y", "X1")).Hedge!;
        Assert.Empty(hedge.Faults(graph));
        Assert.Equal("P(Y | X2)", Identification.Of(graph, new CausalQuery("Y", ["X1", "X2"])).Estimand?.ToString());
        Assert.NotEmpty((hedge with { Query = new CausalQuery("Y", ["X1", "X2"]) }).Faults(graph));
    }

    // Each line takes one condition of the definition away.
    [Theory]
    [InlineData("X -> Y; X <-> Y", "X -> Y; X <-> Y", "Y", "Y", null)]
    [InlineData("X -> Y", "X -> Y; X <-> Y", "Y", "Y", "the forest is no part of the diagram")]
    [InlineData("X -> Y; X <-> Y; W", "X -> Y; X <-> Y", "W", "Y", "the inner forest is no part of the outer one")]
    [InlineData("X -> Y; X <-> Y", "X -> Y", "Y", "Y", "the forest is not one district")]
    [InlineData("X -> Y; X -> W -> Y; X <-> Y; X <-> W", "X -> Y; X -> W -> Y; X <-> Y; X <-> W", "Y", "Y", "a variable of the forest has two effects in it")]
    [InlineData("X -> Y; X <-> Y", "X <-> Y", "Y", "Y", "the roots of the forest are other ones")]
    [InlineData("X -> Y; Z -> Y; Z <-> Y; X <-> Y", "Z -> Y; Z <-> Y", "Y", "Y", "the forest does not meet the treatment")]
    [InlineData("X -> Y; X <-> Y", "X -> Y; X <-> Y", "X -> Y; X <-> Y", "Y", "the inner forest meets the treatment")]
    [InlineData("X -> W; X <-> W; Y", "X -> W; X <-> W", "W", "W", "a root is no ancestor of the outcome once the treatment is set")]
    public void Faults_OfWhatIsNoHedge_SayWhy(string text, string forest, string inner, string roots, string? fault)
    {
        var graph = CausalGraph.Parse(text);
        var hedge = new Hedge(Effect, CausalGraph.Parse(forest), CausalGraph.Parse(inner), roots);
        if (fault is null)
        {
            AssertProves(hedge, Effect, graph);
        }
        else
        {
            Assert.Contains(fault, hedge.Faults(graph));
            Assert.Throws<ArgumentException>(() => hedge.Witness(graph));
        }
    }

    /// <summary>That a hedge is one by its definition, and that two models of the diagram agree in everything observed and differ in the effect.</summary>
    internal static void AssertProves(Hedge hedge, CausalQuery query, CausalGraph graph)
    {
        Assert.Equal(query, hedge.Query);
        Assert.Empty(hedge.Faults(graph));
        (DiscreteCausalModel first, DiscreteCausalModel second) = hedge.Witness(graph);
        foreach (DiscreteCausalModel model in new[] { first, second })
        {
            Assert.Equal(graph.Variables, model.Graph.Variables);
            Assert.All(model.Graph.Directed, edge => Assert.Contains(edge, graph.Directed));
            Assert.All(model.Graph.Bidirected, edge => Assert.Contains(edge, graph.Bidirected));
        }

        Assert.Equal(first.Joint().Table.ToArray(), second.Joint().Table.ToArray());
        VariableSet outcome = query.Outcome | query.Given;
        Assert.All(Models.Assignments(query.Treatment, first.Joint()), doing =>
            Assert.NotEqual(first.Joint(doing).Marginal(outcome).Table.ToArray(), second.Joint(doing).Marginal(outcome).Table.ToArray()));
    }
}
