using Quincunx.Inference.Causal;

namespace Quincunx.Tests.Inference.Causal;

public sealed class DiscreteCausalModelTests
{
    /// <summary>The sprinkler network with its usual tables: cloudy, rain, sprinkler, wet grass (Murphy 2001, Comput. Sci. Stat. 33).</summary>
    public static DiscreteCausalModel Sprinkler { get; } = new(
        new DiscreteMechanism("W", 2, ["S", "R"], [1, 0, 0.1, 0.9, 0.1, 0.9, 0.01, 0.99]),
        new DiscreteMechanism("S", 2, ["C"], [0.5, 0.5, 0.9, 0.1]),
        new DiscreteMechanism("R", 2, ["C"], [0.8, 0.2, 0.2, 0.8]),
        new DiscreteMechanism("C", 2, [], [0.5, 0.5]));

    [Fact]
    public void Joint_OfTheSprinkler_HasTheKnownAnswers()
    {
        Assert.Equal("C -> R; C -> S; R -> W; S -> W", Sprinkler.Graph.ToString());
        DiscreteJoint seen = Sprinkler.Joint();
        Assert.Equal(0.6471, seen.Probability(("W", 1)), 1e-12);
        Assert.Equal(0.2781 / 0.6471, seen.Conditional(("W", 1)).Probability(("S", 1)), 1e-12);
        Assert.Equal(0.4581 / 0.6471, seen.Conditional(("W", 1)).Probability(("R", 1)), 1e-12);
        Assert.Equal(0.99, Sprinkler.Joint(("S", 1)).Conditional(("R", 1)).Probability(("W", 1)), 1e-12);

        // Seeing the sprinkler speaks against clouds and so against rain; turning it on does not.
        Assert.Equal(0.3, seen.Conditional(("S", 1)).Probability(("R", 1)), 1e-12);
        Assert.Equal(0.5, Sprinkler.Joint(("S", 1)).Probability(("R", 1)), 1e-12);
        Assert.Equal((0.5 * 0.9) + (0.5 * 0.99), Sprinkler.Joint(("S", 1)).Probability(("W", 1)), 1e-12);
        Assert.Equal(0, Sprinkler.Joint(("S", 1)).Probability(("S", 0)));
    }

    [Fact]
    public void Joint_WithAHiddenCause_LeavesItOut()
    {
        var model = new DiscreteCausalModel(
            new DiscreteMechanism("U", 3, [], [0.2, 0.3, 0.5]) { Hidden = true },
            new DiscreteMechanism("X", 2, ["U"], [1, 0, 0.5, 0.5, 0, 1]),
            new DiscreteMechanism("Y", 2, ["X", "U"], [0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]));
        Assert.Equal("X -> Y; X <-> Y", model.Graph.ToString());
        DiscreteJoint seen = model.Joint();
        Assert.Equal([("X", 2), ("Y", 2)], seen.Axes);
        Assert.Equal((0.15 * 0.7) + (0.5 * 0.8), seen.Probability(("X", 1), ("Y", 1)), 1e-12);
        Assert.Equal((0.2 * 0.6) + (0.3 * 0.7) + (0.5 * 0.8), model.Joint(("X", 1)).Probability(("Y", 1)), 1e-12);
        Assert.Equal(0.7, model.Joint(("X", 1), ("U", 1)).Probability(("Y", 1)), 1e-12);
    }

    [Fact]
    public void DiscreteJoint_MarginalAndConditional_AreSumsOfItsTable()
    {
        double[] table = [.. Enumerable.Range(1, 24).Select(i => i / 300.0)];
        var joint = new DiscreteJoint([("A", 2), ("B", 3), ("C", 4)], table);
        DiscreteJoint ac = joint.Marginal(["C", "A"]);
        Assert.Equal([("A", 2), ("C", 4)], ac.Axes);
        Assert.Equal((table[2] + table[6] + table[10]), ac.Probability(("C", 2), ("A", 0)), 1e-15);
        Assert.Equal(table[12..16].Sum() / (table[0..4].Sum() + table[12..16].Sum()), joint.Conditional(("B", 0)).Probability(("A", 1)), 1e-15);
        Assert.Equal(1, joint.Marginal([]).Probability(), 1e-15);
    }

    [Fact]
    public void Conditional_OnWhatNeverHappens_NamesTheStratum()
    {
        var joint = new DiscreteJoint([("A", 2), ("B", 2)], [0.5, 0, 0.5, 0]);
        Assert.Equal("B=1, A=0", Assert.Throws<PositivityException>(() => joint.Conditional(("B", 1), ("A", 0))).Stratum);
    }

    [Fact]
    public void Constructors_BadTables_SayWhatIsWrong()
    {
        AssertSays("sum 1, got 0.9", () => new DiscreteJoint([("A", 2)], [0.5, 0.4]));
        AssertSays("probabilities, got -0.5", () => new DiscreteJoint([("A", 2)], [1.5, -0.5]));
        AssertSays("probabilities, got NaN", () => new DiscreteJoint([("A", 2)], [1, double.NaN]));
        AssertSays("Expected 4 probabilities", () => new DiscreteJoint([("A", 2), ("B", 2)], [0.5, 0.5]));
        AssertSays("'A' 2 times", () => new DiscreteJoint([("A", 1), ("A", 1)], [1.0]));
        AssertSays("from 0 to 1, got 2", () => new DiscreteJoint([("A", 2)], [0.5, 0.5]).Probability(("A", 2)));
        AssertSays("2 rows of 2 for 'B', got 2", () => new DiscreteCausalModel(new DiscreteMechanism("A", 2, [], [0.5, 0.5]), new DiscreteMechanism("B", 2, ["A"], [0.5, 0.5])));
        AssertSays("got (0.5, 0.6) in row 0", () => new DiscreteCausalModel(new DiscreteMechanism("A", 2, [], [0.5, 0.6])));
        AssertSays("'Q -> A'", () => new DiscreteCausalModel(new DiscreteMechanism("A", 2, ["Q"], [0.5, 0.5])));
        AssertSays("got C=7", () => Sprinkler.Joint(("C", 7)));
    }

    private static void AssertSays(string part, Func<object> act) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
}
