using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Sums and the like over axes, and running sums along one.</summary>
internal static class ReductionTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        foreach ((string name, string op) in (ReadOnlySpan<(string, string)>)
            [("Sum", "ReduceSum"), ("Max", "ReduceMax"), ("Min", "ReduceMin"), ("LogSumExp", "ReduceLogSumExp")])
        {
            table[name] = (g, s) => Reduce(g, op, g.Read(s.Inputs[0]), s.Note.Ints("axes"));
        }

        table["Softmax"] = (g, s) => g.Node("Softmax", [g.Read(s.Inputs[0])], ("axis", s.Result.Rank - 1));
        table["CumulativeSum"] = (g, s) => g.Node("CumSum", [g.Read(s.Inputs[0]), g.Nodes.Int(s.Note.Int("axis"))], ("reverse", s.Note.Flag("reverse")));
    }

    /// <summary>Reduces axes, which stay with length 1.</summary>
    public static string Reduce(GraphContext g, string op, string x, params ReadOnlySpan<int> axes) =>
        g.Node(op, [x, g.Nodes.Ints(Array.ConvertAll(axes.ToArray(), a => (long)a))], ("keepdims", 1));
}
