using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Functions of a tensor and a number.</summary>
internal static class NumberTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        Add("AddNumber", "Add");
        Add("MultiplyNumber", "Mul");
        Add("DivideByNumber", "Div");
        Add("PowNumber", "Pow");
        Add("MaximumNumber", "Max");
        Add("MinimumNumber", "Min");
        table["SubtractFromNumber"] = (g, s) => g.Node("Sub", Number(g, s), g.Read(s.Inputs[0]));
        table["DivideNumber"] = (g, s) => g.Node("Div", Number(g, s), g.Read(s.Inputs[0]));
        table["LeakyReluNumber"] = (g, s) => Below(g, s, "LeakyRelu", (x, slope) => g.Node("Mul", x, slope));
        table["EluNumber"] = (g, s) => Below(g, s, "Elu", (x, alpha) => g.Node("Mul", g.Node("Sub", g.Node("Exp", x), g.Number(1, s.DType)), alpha));
        foreach ((string name, string op) in PairTranslations.Comparisons)
        {
            table[name + "Number"] = (g, s) => g.FromTruth(g.Node(op, g.Read(s.Inputs[0]), Number(g, s)), s.DType);
        }

        table["NotEqualNumber"] = (g, s) => g.FromTruth(g.Node("Not", g.Node("Equal", g.Read(s.Inputs[0]), Number(g, s))), s.DType);

        void Add(string name, string op) => table[name] = (g, s) => g.Node(op, g.Read(s.Inputs[0]), Number(g, s));
    }

    private static string Number(GraphContext g, GraphStep s) => g.Number(s.Note.Number("number"), s.DType);

    // The operators keep their number in float32, which is not enough for float64 unless it happens to fit.
    private static string Below(GraphContext g, GraphStep s, string op, Func<string, string, string> below)
    {
        string x = g.Read(s.Inputs[0]);
        double number = s.Note.Number("number");
        return s.DType == DType.Float32 || (float)number == number
            ? g.Node(op, [x], ("alpha", (float)number))
            : g.Node("Where", g.Node("Greater", x, g.Number(0, s.DType)), x, below(x, Number(g, s)));
    }
}
