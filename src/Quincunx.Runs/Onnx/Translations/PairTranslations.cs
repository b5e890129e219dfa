using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Functions of two or three tensors that broadcast, which they do as in ONNX.</summary>
internal static class PairTranslations
{
    public static IReadOnlyList<(string Name, string Op)> Comparisons { get; } =
    [
        ("Less", "Less"), ("LessOrEqual", "LessOrEqual"), ("Greater", "Greater"), ("GreaterOrEqual", "GreaterOrEqual"), ("Equal", "Equal"),
    ];

    public static void AddTo(IDictionary<string, Translation> table)
    {
        foreach ((string name, string op) in (ReadOnlySpan<(string, string)>)
            [("Add", "Add"), ("Subtract", "Sub"), ("Multiply", "Mul"), ("Divide", "Div"), ("Pow", "Pow"), ("Maximum", "Max"), ("Minimum", "Min")])
        {
            table[name] = (g, s) => g.Node(op, g.Read(s.Inputs[0]), g.Read(s.Inputs[1]));
        }

        foreach ((string name, string op) in Comparisons)
        {
            table[name] = (g, s) => g.FromTruth(g.Node(op, g.Read(s.Inputs[0]), g.Read(s.Inputs[1])), s.DType);
        }

        table["NotEqual"] = (g, s) => g.FromTruth(g.Node("Not", g.Node("Equal", g.Read(s.Inputs[0]), g.Read(s.Inputs[1]))), s.DType);
        table["Gate"] = (g, s) => g.Node("Where", g.Node("LessOrEqual", g.Read(s.Inputs[1]), Zero(g, s)), Zero(g, s), g.Read(s.Inputs[0]));
        table["KeepWhere"] = (g, s) => g.Node("Where", Holds(g, s.Inputs[1]), g.Read(s.Inputs[0]), Zero(g, s));
        table["ClearWhere"] = (g, s) => g.Node("Where", Holds(g, s.Inputs[1]), Zero(g, s), g.Read(s.Inputs[0]));
        table["Choice"] = (g, s) => g.Node("Where", Holds(g, s.Inputs[0]), g.Read(s.Inputs[1]), g.Read(s.Inputs[2]));
        table["Precedence"] = Precedence;
        table["Combination"] = Combination;
    }

    private static string Zero(GraphContext g, GraphStep s) => g.Number(0, s.DType);

    private static string Holds(GraphContext g, GraphTensor mask) => g.Truth(g.Read(mask), mask.DType);

    private static string Precedence(GraphContext g, GraphStep s)
    {
        string a = g.Read(s.Inputs[0]), b = g.Read(s.Inputs[1]);
        string level = g.Node("Where", g.Node("Equal", a, b), g.Number(0.5, s.DType), Zero(g, s));
        return g.Node("Where", g.Node("Greater", a, b), g.Number(1, s.DType), level);
    }

    private static string Combination(GraphContext g, GraphStep s)
    {
        double[] weights = s.Note.Numbers("weights");
        string? sum = null;
        for (int k = 0; k < weights.Length; k++)
        {
            string x = g.Read(s.Inputs[k]), term = weights[k] == 1 ? x : g.Node("Mul", x, g.Number(weights[k], s.DType));
            sum = sum is null ? term : g.Node("Add", sum, term);
        }

        // A single term of weight 1 is still a value of its own.
        return ReferenceEquals(sum, g.Read(s.Inputs[0])) ? g.Node("Identity", sum!) : sum!;
    }
}
