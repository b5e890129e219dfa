using Quincunx.Inference.Causal;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Causal;

public sealed class CriteriaTests
{
    [Theory]
    [InlineData("Z -> X; Z -> Y; X -> Y", "Z")]
    [InlineData("X -> Y", "")]                                                          // nothing to adjust for: the empty set
    [InlineData("X -> Y; X <-> Y", null)]                                               // the bow
    [InlineData("A <-> X; A -> Y; A <-> Y; X -> Y", null)]                              // A has to be held fixed, and must not be
    [InlineData("M <-> X; M <-> Y; X -> Y; Z -> X; Z -> Y", "Z")]                       // M-bias: M must be left alone
    [InlineData("A -> X; A -> B; B -> Y; X -> Y", "A|B")]
    [InlineData("A -> X; B -> X; A -> C; B -> C; C -> Y; B -> Y; X -> Y", "A, B|B, C")]
    public void BackDoor_OfKnownDiagrams_HasTheseMinimalSets(string text, string? sets)
    {
        IEnumerable<VariableSet> expected = sets?.Split('|').Select(set => VariableSet.Create(set.Split(", ", StringSplitOptions.RemoveEmptyEntries))) ?? [];
        Assert.Equal(Sorted(expected), Sorted(BackDoor.MinimalSets(CausalGraph.Parse(text), "X", "Y")));
    }

    [Fact]
    public void BackDoor_MBias_IsBrokenByTheCollider()
    {
        var graph = CausalGraph.Parse("M <-> X; M <-> Y; X -> Y");
        Assert.True(BackDoor.Holds(graph, "X", "Y", VariableSet.Empty));
        Assert.False(BackDoor.Holds(graph, "X", "Y", "M"));
    }

    // X -> D is harmless to adjust for, and allowed by the complete criterion alone; with the collider at X -> D <- C -> Y it is not.
    [Fact]
    public void AdjustmentCriterion_HarmlessDescendant_IsAllowed()
    {
        var graph = CausalGraph.Parse("Z -> X -> Y; Z -> Y; X -> D; Y -> E");
        Assert.True(AdjustmentCriterion.Holds(graph, "X", "Y", ["D", "Z"]));
        Assert.False(BackDoor.Holds(graph, "X", "Y", ["D", "Z"]));
        Assert.False(AdjustmentCriterion.Holds(graph, "X", "Y", ["E", "Z"]));
        Assert.False(AdjustmentCriterion.Holds(CausalGraph.Parse("X -> Y; X -> D; C -> D; C -> Y"), "X", "Y", "D"));
        Assert.True(AdjustmentCriterion.Holds(CausalGraph.Parse("X -> Y; X -> D; C -> D; C -> Y"), "X", "Y", ["C", "D"]));
    }

    // D blocks the hidden cause of X2 and Y, and M what D opens. They are descendants of X1, but Y depends on them through X2 alone.
    [Fact]
    public void AdjustmentCriterion_BetweenTreatments_FindsWhatTheBackDoorForbids()
    {
        var graph = CausalGraph.Parse("X1 -> M -> D -> X2 -> Y; D <-> Y");
        Assert.Empty(BackDoor.MinimalSets(graph, ["X1", "X2"], "Y"));
        Assert.Equal([["D", "M"]], AdjustmentCriterion.MinimalSets(graph, ["X1", "X2"], "Y"));
    }

    // The other treatment blocks the path X1 <- A -> X2 -> Y, so that nothing needs adjusting for.
    [Fact]
    public void BackDoor_TwoTreatments_AreReadJointly() =>
        Assert.Equal([[]], BackDoor.MinimalSets(CausalGraph.Parse("A -> X1; A -> X2; X1 -> Y; X2 -> Y"), ["X1", "X2"], "Y"));

    [Theory]
    [InlineData("X -> Z -> Y; X <-> Y", "Z")]
    [InlineData("X -> Z1 -> Y; X -> Z2 -> Y; X <-> Y", "Z1, Z2")]                       // two ways, both have to be met
    [InlineData("X -> A -> B -> Y; X <-> Y", "A|B")]
    [InlineData("X -> Z -> Y; C -> Z; C -> Y; X <-> Y", "C, Z")]                        // C is on no path from X to Y, and is needed
    [InlineData("X -> Z -> Y; X <-> Y; Z <-> Y", null)]
    [InlineData("X -> Y; X <-> Y", null)]
    [InlineData("X; Y", "")]
    public void FrontDoor_OfKnownDiagrams_HasTheseMinimalSets(string text, string? sets)
    {
        IEnumerable<VariableSet> expected = sets?.Split('|').Select(set => VariableSet.Create(set.Split(", ", StringSplitOptions.RemoveEmptyEntries))) ?? [];
        Assert.Equal(Sorted(expected), Sorted(FrontDoor.MinimalSets(CausalGraph.Parse(text), "X", "Y")));
    }

    [Theory]
    [InlineData("I -> X -> Y; X <-> Y", "I")]
    [InlineData("I -> X -> Y; X <-> Y; Y <- Z -> I", "I | Z")]
    [InlineData("I -> X -> Y; X <-> Y; I -> Y", "")]
    [InlineData("I -> X -> M -> Y; X <-> Y; I <-> J", "I; J")]
    [InlineData("Z -> C; C <-> X; X -> Y; X <-> Y", "C; Z | C")]                        // Z goes with X within strata of C alone
    public void Instruments_OfKnownDiagrams_AreThese(string text, string expected) =>
        Assert.Equal(expected, string.Join("; ", Instruments.Find(CausalGraph.Parse(text), "X", "Y")));

    [Fact]
    public void MinimalSets_OnRandomDiagrams_AreThoseOfBruteForce()
    {
        int[] found = new int[4];
        for (int i = 0; i < 400; i++)
        {
            // In half of the diagrams x is first and y is last, which is where front doors are.
            CausalGraph graph = Graphs.Random(6, 0.4, 0.15, new Rng(21).Split(i), inOrder: i % 2 == 0);
            VariableSet x = i % 5 == 0 ? ["A", "C"] : "A", y = i % 7 == 0 ? ["D", "F"] : "F", rest = graph.Variables - x - y;
            VariableSet among = i % 3 == 0 ? rest - "E" : rest;

            VariableSet[] backDoor = Graphs.Minimal(Graphs.Subsets(among), z => BackDoorByPaths(graph, x, y, z));
            Assert.Equal(Sorted(backDoor), Sorted(BackDoor.MinimalSets(graph, x, y, among)));
            Assert.All(Graphs.Subsets(rest), z => Assert.Equal(BackDoorByPaths(graph, x, y, z), BackDoor.Holds(graph, x, y, z)));

            VariableSet[] adjustment = Graphs.Minimal(Graphs.Subsets(among), z => AdjustmentCriterion.Holds(graph, x, y, z));
            Assert.Equal(Sorted(adjustment), Sorted(AdjustmentCriterion.MinimalSets(graph, x, y, among)));
            Assert.All(backDoor, z => Assert.True(AdjustmentCriterion.Holds(graph, x, y, z)));

            VariableSet[] frontDoor = Graphs.Minimal(Graphs.Subsets(among), z => FrontDoor.Holds(graph, x, y, z));
            Assert.Equal(Sorted(frontDoor), Sorted(FrontDoor.MinimalSets(graph, x, y, among)));
            Assert.All(Graphs.Subsets(rest), z => Assert.Equal(FrontDoorByPaths(graph, x, y, z), FrontDoor.Holds(graph, x, y, z)));

            found[0] += backDoor.Length;
            found[1] += adjustment.Length;
            found[2] += frontDoor.Length;
            found[3] += frontDoor.Count(z => z.Count > 1);
        }

        Assert.True(found.Min() > 10, $"Too few to compare: {string.Join(", ", found)}.");
    }

    [Fact]
    public void Instruments_OnRandomDiagrams_AreThoseOfBruteForce()
    {
        int found = 0, conditional = 0;
        for (int i = 0; i < 60; i++)
        {
            CausalGraph graph = Graphs.Random(6, 0.35, 0.15, new Rng(22).Split(i));
            CausalGraph cut = graph.WithoutIncoming("A");
            IEnumerable<Instrument> expected =
                from z in graph.Variables - graph.Descendants("A") - "B"
                from w in Graphs.Minimal(
                    Graphs.Subsets(graph.Variables - graph.Descendants("A") - ["B", z]),
                    w => !Graphs.HasOpenPath(cut, z, "B", w) && Graphs.HasOpenPath(graph, z, "A", w))
                select new Instrument(z, w);
            Instrument[] all = [.. Instruments.Find(graph, "A", "B")];
            Assert.Equal(expected.ToHashSet(), all.ToHashSet());
            Assert.Equal(all.Where(z => z.Given.Count <= 1), Instruments.Find(graph, "A", "B", largest: 1));
            found += all.Length;
            conditional += all.Count(z => !z.Given.IsEmpty);
        }

        Assert.True(found > 30 && conditional > 10, $"{found} instruments, {conditional} conditional: too few.");
    }

    // Several treatments: paths in the graph without the edges out of them.
    private static bool BackDoorByPaths(CausalGraph graph, VariableSet x, VariableSet y, VariableSet z)
    {
        CausalGraph searched = x.Count == 1 ? graph : new(graph.Variables, graph.Directed.Where(e => !x.Contains(e.Cause)), graph.Bidirected);
        return !z.Any(graph.Descendants(x).Contains) && !x.Any(a => y.Any(b => Graphs.HasOpenPath(searched, a, b, z, intoX: true)));
    }

    private static bool FrontDoorByPaths(CausalGraph graph, VariableSet x, VariableSet y, VariableSet z)
    {
        CausalGraph below = new(graph.Variables, graph.Directed.Where(e => !x.Contains(e.Cause)), graph.Bidirected);
        CausalGraph beyond = new(graph.Variables, graph.Directed.Where(e => !z.Contains(e.Cause)), graph.Bidirected);
        return !x.Any(a => y.Any(b => HasDirectedPath(graph, a, b, around: z)))
            && !x.Any(a => z.Any(c => Graphs.HasOpenPath(below, a, c, VariableSet.Empty)))
            && !z.Any(c => y.Any(b => Graphs.HasOpenPath(beyond, c, b, x)));
    }

    private static bool HasDirectedPath(CausalGraph graph, string from, string to, VariableSet around) =>
        from == to || graph.Children(from).Any(next => !around.Contains(next) && HasDirectedPath(graph, next, to, around));

    private static string[] Sorted(IEnumerable<VariableSet> sets) => [.. sets.Select(set => set.ToString()).Order(StringComparer.Ordinal)];
}
