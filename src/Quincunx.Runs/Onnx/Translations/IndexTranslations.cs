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

    private static string IndexAdd(GraphContext g, GraphStep s)
    {
        Indices indices = s.Note.Indices("indices");
        int axis = s.Note.Int("axis"), rank = s.Result.Rank;

        // ScatterND takes places along the leading axes: the axis goes first and comes back.
        int[] order = [axis, .. Enumerable.Range(0, rank).Where(a => a != axis)];
        int[] back = [.. Enumerable.Range(0, rank).Select(a => Array.IndexOf(order, a))];
        string x = Moved(s.Inputs[0], order), source = Moved(s.Inputs[1], order);
        string sum = g.Node("ScatterND", [x, g.Nodes.Places(indices, indices.Count, 1), source], ("reduction", "add"));
        return axis == 0 ? sum : g.Transpose(sum, back);

        string Moved(GraphTensor tensor, int[] by) => axis == 0 ? g.Read(tensor) : g.Transpose(g.Read(tensor), by);
    }
}
