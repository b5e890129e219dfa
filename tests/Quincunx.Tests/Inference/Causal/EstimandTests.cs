using Quincunx.Inference.Causal;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Causal;

public sealed class EstimandTests
{
    // Adjustment is right if and only if the criterion holds: a random model has no reason to agree by chance.
    [Fact]
    public void Adjustment_OnRandomModels_IsTheTruthExactlyWhereTheCriterionHolds()
    {
        int[] cases = new int[2];
        for (int i = 0; i < 25; i++)
        {
            CausalGraph graph = Graphs.Random(5, 0.5, 0.15, new Rng(41).Split(i), inOrder: i % 2 == 0);
            DiscreteCausalModel model = Models.Random(graph, new Rng(42).Split(i));
            VariableSet x = i % 3 == 0 ? ["A", "B"] : "A", y = "D";
            foreach (VariableSet z in Graphs.Subsets(graph.Variables - x - y))
            {
                double error = LargestError(Estimand.Adjustment(x, y, z), model, x, y);
                bool holds = AdjustmentCriterion.Holds(graph, x, y, z);
                Assert.True(holds ? error < 1e-10 : error > 1e-9, $"{graph}: adjusting for ({z}) is wrong by {error}.");
                cases[holds ? 1 : 0]++;
            }
        }

        Assert.True(cases.Min() > 40, $"{cases[0]} wrong, {cases[1]} right: too few of one kind.");
    }

    [Fact]
    public void FrontDoor_OnRandomModels_IsTheTruthWhereTheCriterionHolds()
    {
        int cases = 0;
        for (int i = 0; i < 60; i++)
        {
            CausalGraph graph = Graphs.Random(5, 0.5, 0.15, new Rng(43).Split(i), inOrder: true);
            VariableSet[] sets = [.. Graphs.Subsets(["B", "C", "D"]).Where(z => FrontDoor.Holds(graph, "A", "E", z))];
            if (sets.Length > 0)
            {
                DiscreteCausalModel model = Models.Random(graph, new Rng(44).Split(i));
                Assert.All(sets, z => Assert.InRange(LargestError(Estimand.FrontDoor("A", "E", z), model, "A", "E"), 0, 1e-10));
                cases += sets.Length;
            }
        }

        Assert.True(cases > 20, $"{cases} cases: too few.");
    }

    [Fact]
    public void ToLatex_OfFormulas_WritesNamesAndPrimes()
    {
        Assert.Equal(@"\sum_{Z} P(Z \mid X) \sum_{X'} P(X') P(Y \mid X', Z)", Estimand.FrontDoor("X", "Y", "Z").ToLatex());
        var napkin = Identification.Of(CausalGraph.Parse("W1 -> dose_2 -> X -> Y; W1 <-> X; W1 <-> Y"), new CausalQuery("Y", "X"));
        Assert.Equal(@"\frac{\sum_{W_{1}} P(W_{1}) P(X, Y \mid W_{1}, \text{dose\_2})}{\sum_{W_{1}} P(W_{1}) P(X \mid W_{1}, \text{dose\_2})}", napkin.Estimand!.ToLatex());
        Assert.Equal(@"P(Y \mid \mathrm{do}(X))", napkin.Query.ToLatex());
        Assert.Equal("P(A, B)", new CausalQuery(["B", "A"], []).ToString());
        Assert.Equal("P(Y | do(X), Z)", new CausalQuery("Y", "X", "Z").ToString());
    }

    // The napkin's formula must not depend on R. Where a joint distribution makes it depend, the diagram is wrong.
    [Fact]
    public void Arbitrary_OfTheNapkin_TestsTheDiagram()
    {
        var napkin = CausalGraph.Parse("W -> R -> X -> Y; W <-> X; W <-> Y");
        var answer = Identification.Of(napkin, new CausalQuery("Y", "X"));
        Assert.Equal<VariableSet>("R", answer.Arbitrary);
        Assert.InRange(Difference(Models.Random(napkin, new Rng(45))), 0, 1e-12);
        Assert.InRange(Difference(Models.Random(CausalGraph.Parse("W -> R -> X -> Y; W <-> X; W <-> Y; R -> Y"), new Rng(45))), 1e-3, 1);

        double Difference(DiscreteCausalModel model) => Math.Abs(
            answer.Evaluate(model.Joint(), ("X", 1), ("Y", 1), ("R", 0)) - answer.Evaluate(model.Joint(), ("X", 1), ("Y", 1), ("R", 1)));
    }

    [Fact]
    public void Evaluate_OnAnEmptyStratum_NamesItUnlessItHasNoWeight()
    {
        Estimand adjusted = Estimand.Adjustment("X", "Y", "Z");
        (string, int)[] axes = [("X", 2), ("Y", 2), ("Z", 3)];

        // Nobody with Z = 2 was treated. Z = 1 does not occur at all, which is no obstacle.
        var joint = new DiscreteJoint(axes, [0.1, 0, 0.2, 0.1, 0, 0.2, 0.2, 0, 0, 0.2, 0, 0]);
        Assert.Equal("X=1, Z=2", Assert.Throws<PositivityException>(() => adjusted.Evaluate(joint, ("X", 1), ("Y", 1))).Stratum);
        Assert.Equal((0.6 * 0.5) + (0.4 * 0.5), adjusted.Evaluate(joint, ("X", 0), ("Y", 1)), 1e-12);
    }

    [Fact]
    public void Evaluate_BadAssignments_SayWhatIsWrong()
    {
        Estimand adjusted = Estimand.Adjustment("X", "Y", "Z");
        var joint = new DiscreteJoint([("X", 1), ("Y", 1), ("Z", 1)], [1.0]);
        AssertSays("none for 'Y'", () => adjusted.Evaluate(joint, ("X", 0)));
        AssertSays("from 0 to 0, got 1", () => adjusted.Evaluate(joint, ("X", 0), ("Y", 1)));
        AssertSays("got 'Q'", () => adjusted.Evaluate(joint, ("X", 0), ("Y", 0), ("Q", 0)));
        AssertSays("got 'Z'", () => adjusted.Evaluate(joint.Marginal(["X", "Y"]), ("X", 0), ("Y", 0)));
        AssertSays("without common variables", () => Estimand.Adjustment("X", "Y", "X"));
        AssertSays("an outcome, got none", () => Identification.Of(CausalGraph.Parse("X -> Y"), new CausalQuery([], "X")));
        AssertSays("'X' twice", () => Identification.Of(CausalGraph.Parse("X -> Y"), new CausalQuery("Y", "X", "X")));
    }

    [Fact]
    public void DiscreteSample_Rows_AreCounted()
    {
        var sample = new DiscreteSample([("A", 2), ("B", 3)], [0, 0, 1, 2, 1, 2, 0, 1]);
        Assert.Equal([0.25, 0.25, 0, 0, 0, 0.5], sample.Joint.Table.ToArray());
        AssertSays("'B' from 0 to 2, got 3 in row 1", () => new DiscreteSample([("A", 2), ("B", 3)], [0, 0, 0, 3]));
        AssertSays("rows of 2 states, got 3", () => new DiscreteSample([("A", 2), ("B", 3)], [0, 0, 0]));
    }

    // The error of a share p of n is √(p (1 − p) / n). That of a standard deviation from B resamples is 1/√(2 B) of it: 1.1 % here, and 5 of those are allowed.
    [Fact]
    public void Estimate_OfAShare_HasItsBinomialError()
    {
        var sample = new DiscreteSample([("A", 2)], [.. Enumerable.Repeat(1, 150), .. Enumerable.Repeat(0, 350)]);
        PlugInEstimate estimate = new ProbabilityEstimand("A", []).Estimate(sample, new Rng(46), 4000, ("A", 1));
        Assert.Equal(0.3, estimate.Value, 1e-12);
        double exact = Math.Sqrt(0.3 * 0.7 / 500);
        Assert.InRange(estimate.StandardError, 0.944 * exact, 1.056 * exact);
        Assert.Equal((4000, 0), (estimate.Resamples, estimate.Undefined));
    }

    // Over 150 samples the squared error in units of the standard error has mean 1 and standard deviation √(2 / 150) = 0.115; the resamples' own noise adds
    // a hundredth. 4.5 of them: one seed in 150,000.
    [Fact]
    public void Estimate_OfTheFrontDoor_ErrsAsMuchAsItSays()
    {
        var graph = CausalGraph.Parse("X -> Z -> Y; X <-> Y");
        DiscreteCausalModel model = Models.Random(graph, new Rng(47));
        DiscreteJoint seen = model.Joint();
        double truth = model.Joint(("X", 1)).Probability(("Y", 1));
        var answer = Identification.Of(graph, new CausalQuery("Y", "X"));
        double squares = 0;
        for (int i = 0; i < 150; i++)
        {
            Rng rng = new Rng(48).Split(i);
            PlugInEstimate estimate = answer.Estimate(Draw(seen, 2000, rng), rng.Split("bootstrap"), 100, ("X", 1), ("Y", 1));
            squares += Math.Pow((estimate.Value - truth) / estimate.StandardError, 2) / 150;
        }

        Assert.InRange(squares, 1 - 0.52, 1 + 0.56);
    }

    // 5 of 25 observations have Z = 1, one of them with X = 1. A resample lacks it with probability (1 − 1/25)²⁵ = 0.36, and has Z = 1 nevertheless with
    // (24/25)²⁵ − (20/25)²⁵ = 0.357. Of 2000 resamples that is 714 with a standard deviation of 21; 5 are allowed.
    [Fact]
    public void Estimate_WhereAStratumIsThin_CountsResamplesWithoutIt()
    {
        int[] rows = [.. Enumerable.Range(0, 25).SelectMany(i => i < 5 ? new[] { 1, i == 0 ? 1 : 0, i % 2 } : [0, i % 2, i % 3 == 0 ? 1 : 0])];
        var sample = new DiscreteSample([("Z", 2), ("X", 2), ("Y", 2)], rows);
        PlugInEstimate estimate = Estimand.Adjustment("X", "Y", "Z").Estimate(sample, new Rng(49), 2000, ("X", 1), ("Y", 1));
        Assert.InRange(estimate.Undefined, 714 - 107, 714 + 107);
        Assert.True(double.IsFinite(estimate.StandardError));
    }

    private static DiscreteSample Draw(DiscreteJoint joint, int count, Rng rng)
    {
        List<int> rows = [];
        for (int i = 0; i < count; i++)
        {
            int cell = rng.NextCategorical(joint.Table), place = rows.Count;
            foreach ((_, int states) in joint.Axes.Reverse())
            {
                rows.Insert(place, cell % states);
                cell /= states;
            }
        }

        return new DiscreteSample(joint.Axes, [.. rows]);
    }

    private static double LargestError(Estimand estimand, DiscreteCausalModel model, VariableSet x, VariableSet y)
    {
        DiscreteJoint seen = model.Joint();
        return Models.Assignments(x, seen).Max(doing =>
        {
            DiscreteJoint after = model.Joint(doing);
            return Models.Assignments(y, seen).Max(at => Math.Abs(estimand.Evaluate(seen, [.. doing, .. at]) - after.Probability(at)));
        });
    }

    private static void AssertSays(string part, Func<object> act) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
}
