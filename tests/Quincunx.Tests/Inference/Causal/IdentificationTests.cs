using Quincunx.Inference.Causal;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Causal;

public sealed class IdentificationTests
{
    private static readonly CausalQuery Effect = new("Y", "X");

    [Theory]
    [InlineData("X -> Y", "P(Y | X)")]
    [InlineData("Y -> X", "P(Y)")]
    [InlineData("X -> Y; M <-> X; M <-> Y", "P(Y | X)")]                                             // M-bias
    [InlineData("Z -> X -> Y; Z -> Y", "Σ{Z} P(Y | X, Z) P(Z)")]                                     // back door
    [InlineData("X -> Z -> Y; X <-> Y", "Σ{Z} P(Z | X) Σ{X'} P(X') P(Y | X', Z)")]                   // front door
    [InlineData("W -> R -> X -> Y; W <-> X; W <-> Y", "[Σ{W} P(W) P(X, Y | R, W)] / [Σ{W} P(W) P(X | R, W)]")]     // napkin
    [InlineData("A -> B -> X -> Y; B <-> Y", "Σ{B} P(B | A) P(Y | A, B, X)")]                        // Verma
    public void Of_KnownDiagrams_GivesTheFormulaOnPaper(string text, string formula)
    {
        var answer = Identification.Of(CausalGraph.Parse(text), Effect);
        Assert.Equal(formula, answer.Estimand?.ToString());
        Assert.Null(answer.Hedge);
    }

    [Theory]
    [InlineData("C -> R -> W; C -> S -> W", "P(W | R, S)")]
    [InlineData("R -> W; S -> W; R <-> S", "P(W | R, S)")]                                           // clouds were not recorded
    public void Of_TheSprinkler_IsTheKnownAnswer(string text, string formula)
    {
        var answer = Identification.Of(CausalGraph.Parse(text), new CausalQuery("W", "S", "R"));
        Assert.Equal(formula, answer.Estimand?.ToString());
        Assert.Equal(0.99, answer.Evaluate(DiscreteCausalModelTests.Sprinkler.Joint(), ("W", 1), ("S", 1), ("R", 1)), 1e-12);
    }

    [Theory]
    [InlineData("X -> Y -> Z; X <-> Z", "[P(Y | X) Σ{X'} P(X') P(Z | X', Y)] / [Σ{Y'} P(Y' | X) Σ{X'} P(X') P(Z | X', Y')]", "X")]
    [InlineData("X -> Y; Z -> Y; Z -> X", "P(Y | X, Z)", "X, Z")]                                    // observing the cause Z is as good as setting it
    public void Of_ConditionalQuestions_GivesTheFormulaOnPaper(string text, string formula, string treatment)
    {
        var answer = Identification.Of(CausalGraph.Parse(text), new CausalQuery("Y", "X", "Z"));
        Assert.Equal(formula, answer.Estimand?.ToString());
        Assert.Equal(treatment, answer.Reduced.Treatment.ToString());
    }

    [Fact]
    public void Page_FrontDoorAndBow_AreDecided()
    {
        // Half of the observations smoke; smokers have tar nine times in ten, others one time in ten; cancer comes with both.
        int[] rows = [.. Enumerable.Range(0, 400).SelectMany(i => new[] { i % 2, i % 20 < 2 ? 1 - (i % 2) : i % 2, i % 7 < 2 + (2 * (i % 2)) ? 1 : 0 })];

        // snippet: causal-graphs
        var graph = CausalGraph.Parse("smoking -> tar -> cancer; smoking <-> cancer");
        var query = new CausalQuery("cancer", "smoking");
        var effect = Identification.Of(graph, query);
        string formula = effect.Estimand!.ToString();       // Σ{tar} P(tar | smoking) Σ{smoking'} P(cancer | smoking', tar) P(smoking')

        var observations = new DiscreteSample([("smoking", 2), ("tar", 2), ("cancer", 2)], rows);
        PlugInEstimate risk = effect.Estimate(observations, new Rng(1), resamples: 200, ("cancer", 1), ("smoking", 1));

        var bow = CausalGraph.Parse("smoking -> cancer; smoking <-> cancer");
        Hedge hedge = Identification.Of(bow, query).Hedge!;                     // no formula: here is why,
        (DiscreteCausalModel one, DiscreteCausalModel other) = hedge.Witness(bow);      // and two models that no data tell apart
        double p = one.Joint(("smoking", 1)).Probability(("cancer", 1));        // 0.5
        double q = other.Joint(("smoking", 1)).Probability(("cancer", 1));      // 0
        // end-snippet

        Assert.Equal("Σ{tar} P(tar | smoking) Σ{smoking'} P(cancer | smoking', tar) P(smoking')", formula);
        Assert.Equal(Estimand.FrontDoor("smoking", "cancer", "tar").Evaluate(observations.Joint, ("cancer", 1), ("smoking", 1)), risk.Value, 1e-12);
        Assert.InRange(risk.StandardError, 0.01, 0.1);
        Assert.Equal((0.5, 0.0), (p, q));
    }

    [Fact]
    public void Of_RandomDiagrams_IsTheTruthOrAHedge()
    {
        int identified = 0, refused = 0;
        for (int i = 0; i < 200; i++)
        {
            Rng rng = new Rng(31).Split(i);
            CausalGraph graph = Graphs.Random(4 + (i % 3), 0.5, 0.3, rng, inOrder: i % 2 == 0);
            VariableSet x = i % 4 == 0 ? ["A", "B"] : "A", y = i % 5 == 0 ? ["C", "D"] : "D";
            (identified, refused) = Check(Models.Random(graph, rng.Split("model")), graph, new CausalQuery(y, x)) ? (identified + 1, refused) : (identified, refused + 1);
        }

        Assert.True(identified > 50 && refused > 50, $"{identified} identified, {refused} refused: too few of one kind.");
    }

    [Fact]
    public void Of_RandomConditionalQuestions_IsTheTruthOrAHedge()
    {
        int identified = 0, refused = 0;
        for (int i = 0; i < 200; i++)
        {
            Rng rng = new Rng(32).Split(i);
            CausalGraph graph = Graphs.Random(5, 0.6, 0.3, rng, inOrder: i % 3 > 0);
            VariableSet z = i % 2 == 0 ? "C" : ["C", "E"];
            (identified, refused) = Check(Models.Random(graph, rng.Split("model")), graph, new CausalQuery("D", "A", z)) ? (identified + 1, refused) : (identified, refused + 1);
        }

        Assert.True(identified > 50 && refused > 50, $"{identified} identified, {refused} refused: too few of one kind.");
    }

    [Fact]
    public void Of_RandomModelsWithHiddenVariables_IsTheTruthOrAHedge()
    {
        int identified = 0, refused = 0;
        for (int i = 0; i < 100; i++)
        {
            Rng rng = new Rng(33).Split(i);
            DiscreteCausalModel model = Models.Random(Graphs.Random(8, 0.5, 0, rng, inOrder: true), ["A", "B", "E"], rng.Split("model"));
            var query = new CausalQuery("G", i % 3 == 0 ? ["C", "D"] : "C", i % 4 == 0 ? "H" : []);
            (identified, refused) = Check(model, model.Graph, query) ? (identified + 1, refused) : (identified, refused + 1);
        }

        Assert.True(identified > 30 && refused > 20, $"{identified} identified, {refused} refused: too few of one kind.");
    }

    private static bool Check(DiscreteCausalModel model, CausalGraph graph, CausalQuery query)
    {
        Assert.Equal(graph.ToString(), model.Graph.ToString());
        var answer = Identification.Of(graph, query);
        if (answer.Estimand is null)
        {
            HedgeTests.AssertProves(answer.Hedge!, answer.Reduced, graph);
            return false;
        }

        Assert.Null(answer.Hedge);
        DiscreteJoint seen = model.Joint();
        VariableSet all = query.Outcome | query.Treatment | query.Given;
        foreach ((string Name, int State)[] doing in Models.Assignments(query.Treatment, seen))
        {
            DiscreteJoint after = model.Joint(doing);
            foreach ((string Name, int State)[] rest in Models.Assignments((answer.Estimand.FreeVariables | all) - query.Treatment, seen))
            {
                (string Name, int State)[] y = [.. rest.Where(s => query.Outcome.Contains(s.Name))], z = [.. rest.Where(s => query.Given.Contains(s.Name))];
                double truth = after.Probability([.. y, .. z]) / after.Probability(z);
                Assert.True(Math.Abs(truth - answer.Estimand.Evaluate(seen, [.. doing, .. rest])) < 1e-10, $"{graph}: {answer}");
                Assert.True(Math.Abs(truth - answer.Evaluate(seen, [.. doing, .. y, .. z])) < 1e-10, $"{graph}: {answer}");
            }
        }

        return true;
    }
}
