using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Picking and adding by fixed indices.</summary>
internal static class IndexTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        table["IndexSelect"] = (g, s) => g.Node(
            "Gather", [g.Read(s.Inputs[0]), g.Nodes.Places(s.Note.Indices("indices"), s.Note.Indices("indices").Count)], ("axis", s.Note.Int("axis")));
        table["Gather"] = (g, s) => g.Node("GatherElements", [g.Read(s.Inputs[0]), Whole(g, s)], ("axis", s.Note.Int("axis")));
        table["ScatterAdd"] = (g, s) => g.Node(
            "ScatterElements", [g.Read(s.Inputs[0]), Whole(g, s), g.Read(s.Inputs[1])], ("axis", s.Note.Int("axis")), ("reduction", "add"));
        table["IndexAdd"] = IndexAdd;
    }

    private static string Whole(GraphContext g, GraphStep s)
    {
        Indices indices = s.Note.Indices("indices");
        return g.Nodes.Places(indices, Array.ConvertAll(indices.Shape.Lengths.ToArray(), n => (long)n));
    }

    private static string IndexAdd(GraphContext g, GraphStep s) =>
        Added(g, g.Read(s.Inputs[0]), g.Read(s.Inputs[1]), s.Note.Int("axis"), s.Result.Rank, s.Note.Indices("indices"));

    /// <summary>A tensor with slices of another added at places of an axis.</summary>
    public static string Added(GraphContext g, string x, string source, int axis, int rank, Indices indices)
    {
        // ScatterND takes places along the leading axes: the axis goes first and comes back.
        int[] order = [axis, .. Enumerable.Range(0, rank).Where(a => a != axis)];
        int[] back = [.. Enumerable.Range(0, rank).Select(a => Array.IndexOf(order, a))];
        string sum = g.Node("ScatterND", [Moved(x, order), g.Nodes.Places(indices, indices.Count, 1), Moved(source, order)], ("reduction", "add"));
        return Moved(sum, back);

        string Moved(string tensor, int[] by) => axis == 0 ? tensor : g.Transpose(tensor, by);
    }
}
