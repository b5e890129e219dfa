using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Reductions of the rows of each segment.</summary>
internal static class SegmentTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        table["SegmentAdd"] = (g, s) => Scatter(g, s, "add");
        table["SegmentMaximum"] = (g, s) => Scatter(g, s, "max");
        table["SegmentMinimum"] = (g, s) => Scatter(g, s, "min");
        table["SegmentMapDivide"] = (g, s) => g.Node("Div", g.Read(s.Inputs[0]), Spread(g, s));
        table["SegmentExp"] = (g, s) => g.Node("Exp", g.Node("Sub", g.Read(s.Inputs[0]), Spread(g, s)));
        table["SegmentSize"] = Sizes;
    }

    private static string Scatter(GraphContext g, GraphStep s, string reduction)
    {
        Indices segments = s.Note.Indices("segments");
        string start = g.Expand(g.Number(s.Note.Number("start"), s.DType), s.Result.Shape);
        return g.Node("ScatterND", [start, g.Nodes.Places(segments, segments.Count, 1), g.Read(s.Inputs[0])], ("reduction", reduction));
    }

    // The row of each row's segment.
    private static string Spread(GraphContext g, GraphStep s)
    {
        Indices segments = s.Note.Indices("segments");
        return g.Node("Gather", [g.Read(s.Inputs[1]), g.Nodes.Places(segments, segments.Count)], ("axis", 0));
    }

    // max(1, rows of the segment), which is known here.
    private static string Sizes(GraphContext g, GraphStep s) => g.Nodes.Constant("segment_sizes", s.Result.Values);
}
