using Quincunx.Inference.Causal;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Causal;

public sealed class CausalGraphTests
{
    [Theory]
    [InlineData("Z -> X -> Y; X <-> Y; W", "X -> Y; Z -> X; X <-> Y; W")]
    [InlineData("Y<-X<->Z\nZ -> Y", "X -> Y; Z -> Y; X <-> Z")]
    [InlineData("log-mass -> x_1; µ", "log-mass -> x_1; µ")]
    [InlineData("", "")]
    public void Parse_OfText_PrintsItInOrder(string text, string printed)
    {
        var graph = CausalGraph.Parse(text);
        Assert.Equal(printed, graph.ToString());
        Assert.Equal(printed, CausalGraph.Parse(graph.ToString()).ToString());
    }

    [Theory]
    [InlineData("X -> Y; Y -> X", "cycle, got X -> Y -> X")]
    [InlineData("W -> A; A -> B -> C -> A", "cycle, got A -> B -> C -> A")]
    [InlineData("X -> Y; Y <- X", "'X -> Y' twice")]
    [InlineData("X <-> Y; Y <-> X", "'X <-> Y' twice")]
    [InlineData("X -> X", "between two variables, got 'X -> X'")]
    [InlineData("X -> ", "got ''")]
    [InlineData("X Y", "got 'X Y'")]
    public void Parse_OfWhatIsNoDiagram_SaysWhatIsWrong(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => CausalGraph.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Constructor_UnknownOrRepeatedNames_AreNamed()
    {
        Assert.Contains("'A -> Q'", Assert.Throws<ArgumentException>(() => new CausalGraph(["A"], [("A", "Q")])).Message, StringComparison.Ordinal);
        Assert.Contains("'A' 2 times", Assert.Throws<ArgumentException>(() => new CausalGraph(["A", "A"], [])).Message, StringComparison.Ordinal);
        Assert.Contains("'a b'", Assert.Throws<ArgumentException>(() => new CausalGraph(["a b"], [])).Message, StringComparison.Ordinal);
        Assert.Contains("'Q'", Assert.Throws<ArgumentException>(() => CausalGraph.Parse("A -> B").Parents(["A", "Q"])).Message, StringComparison.Ordinal);
        Assert.Contains("'A' twice", Assert.Throws<ArgumentException>(() => CausalGraph.Parse("A -> B").Separates("A", "B", "A")).Message, StringComparison.Ordinal);
    }

    // The napkin: W -> R -> X -> Y with hidden causes of (W, X) and (W, Y).
    [Fact]
    public void Relations_OfTheNapkin_AreThoseOnPaper()
    {
        var graph = CausalGraph.Parse("W -> R -> X -> Y; W <-> X; W <-> Y");
        Assert.Equal<VariableSet>("R", graph.Parents("X"));
        Assert.Equal<VariableSet>(["R", "X"], graph.Children(["W", "R"]));
        Assert.Equal<VariableSet>(["X", "Y"], graph.Spouses("W"));
        Assert.Equal<VariableSet>(["W", "R", "X"], graph.Ancestors("X"));
        Assert.Equal<VariableSet>(["X", "Y"], graph.Descendants("X"));
        Assert.Equal([["R"], ["W", "X", "Y"]], graph.Districts());
        Assert.Equal(["W", "R", "X", "Y"], graph.TopologicalOrder);
        Assert.Equal("W -> R; X -> Y; W <-> Y", graph.WithoutIncoming("X").ToString());
        Assert.Equal("R -> X; W -> R; W <-> X; W <-> Y", graph.WithoutOutgoing("X").ToString());
        Assert.Equal("X -> Y; W <-> X; W <-> Y", graph.Induced(["W", "X", "Y"]).ToString());
    }

    [Theory]
    [InlineData("U -> X; U -> Y; X -> Y", "U", "X -> Y; X <-> Y")]
    [InlineData("A -> U -> B; A -> B", "U", "A -> B")]                                   // a hidden link of a chain
    [InlineData("A -> U; U -> B; U -> C; D <-> U", "U", "A -> B; A -> C; B <-> C; B <-> D; C <-> D")]
    [InlineData("A -> U; B -> U", "U", "A; B")]                                          // a hidden effect says nothing
    [InlineData("U -> V; U -> A; V -> B", "U, V", "A <-> B")]
    public void Project_OfHiddenVariables_IsTheLatentProjection(string text, string hidden, string projected) =>
        Assert.Equal(projected, CausalGraph.Parse(text).Project(VariableSet.Create(hidden.Split(", "))).ToString());

    [Fact]
    public void Project_OfRandomDiagrams_KeepsEverySeparation()
    {
        for (int i = 0; i < 40; i++)
        {
            CausalGraph graph = Graphs.Random(7, 0.3, 0.1, new Rng(11).Split(i));
            VariableSet hidden = ["B", "E"];
            CausalGraph projected = graph.Project(hidden);
            foreach (VariableSet given in Graphs.Subsets(projected.Variables - ["A", "C"]))
            {
                Assert.Equal(graph.Separates("A", "C", given), projected.Separates("A", "C", given));
            }

            Assert.All(projected.Variables, v => Assert.Equal(graph.Ancestors(v) - hidden, projected.Ancestors(v)));
        }
    }

    [Fact]
    public void Separates_OnRandomDiagrams_AgreesWithAllPathsAndWithTheMoralGraph()
    {
        int separated = 0, connected = 0;
        for (int i = 0; i < 60; i++)
        {
            Rng rng = new Rng(12).Split(i);
            CausalGraph graph = Graphs.Random(6, 0.25, i % 3 * 0.1, rng);
            foreach (VariableSet given in Graphs.Subsets(graph.Variables))
            {
                VariableSet rest = graph.Variables - given;
                VariableSet x = VariableSet.Create([.. rest.Where(_ => rng.NextBernoulli(0.4))]);
                VariableSet y = VariableSet.Create([.. (rest - x).Where(_ => rng.NextBernoulli(0.5))]);
                bool byPaths = !x.Any(a => y.Any(b => Graphs.HasOpenPath(graph, a, b, given)));
                Assert.Equal(byPaths, Graphs.SeparatesByMoralGraph(graph, x, y, given));
                Assert.Equal(byPaths, graph.Separates(x, y, given));
                Assert.Equal(byPaths, graph.Separates(y, x, given));
                _ = byPaths ? separated++ : connected++;
            }
        }

        Assert.True(Math.Min(separated, connected) > 500, $"{separated} separated, {connected} connected: too few of one kind.");
    }

    // Quadratic work would take minutes here, and recursion overflow the stack.
    [Fact]
    public void Separates_OnALongChain_IsAnswered()
    {
        const int Length = 40_000;
        string[] names = [.. Enumerable.Range(0, Length).Select(i => $"v{i:00000}")];
        var chain = new CausalGraph(names, names.Zip(names.Skip(1)));
        Assert.False(chain.Separates(names[0], names[^1], VariableSet.Empty));
        Assert.True(chain.Separates(names[0], names[^1], names[Length / 2]));
        var arcs = new CausalGraph(names, [], names.Zip(names.Skip(1)));
        Assert.True(arcs.Separates(names[0], names[^1], VariableSet.Empty));
        Assert.False(arcs.Separates(names[0], names[^1], VariableSet.Create(names.AsSpan(1, Length - 2))));
    }
}
