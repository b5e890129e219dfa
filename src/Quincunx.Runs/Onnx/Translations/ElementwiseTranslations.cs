using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Functions of one tensor, element by element.</summary>
internal static class ElementwiseTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        foreach (string same in (ReadOnlySpan<string>)["Exp", "Log", "Sqrt", "Reciprocal", "Abs", "Sign", "Sin", "Cos", "Atan", "Tanh", "Erf", "Sigmoid", "Softplus", "Relu"])
        {
            table[same] = (g, s) => g.Node(same, g.Read(s.Inputs[0]));
        }

        table["Negate"] = (g, s) => g.Node("Neg", g.Read(s.Inputs[0]));
        table["Square"] = (g, s) => g.Read(s.Inputs[0]) is var x ? g.Node("Mul", x, x) : x;
        table["Log1p"] = (g, s) => Log1p(g, g.Read(s.Inputs[0]), s.DType);
        table["Expm1"] = (g, s) => Expm1(g, g.Read(s.Inputs[0]), s.DType);
        table["NormalCdf"] = (g, s) => NormalCdf(g, g.Read(s.Inputs[0]), s.DType);
        table["Gelu"] = (g, s) => Finite(g, g.Read(s.Inputs[0]), s.DType) is var x ? g.Node("Mul", x, NormalCdf(g, x, s.DType)) : x;
        table["Silu"] = (g, s) => Finite(g, g.Read(s.Inputs[0]), s.DType) is var x ? g.Node("Mul", x, g.Node("Sigmoid", x)) : x;
        table["IsFinite"] = (g, s) => g.Read(s.Inputs[0]) is var x
            ? g.FromTruth(g.Node("Not", g.Node("Or", g.Node("IsNaN", x), g.Node("IsInf", x))), s.DType)
            : x;
    }

    // With u = 1 + x, log(1 + x) is log(u) x / (u - 1): the quotient undoes the rounding of u (Kahan; Goldberg 1991, ACM Computing Surveys 23, 5, theorem 4).
    // Where u is 1 the answer is x, and where it is x, infinity included, log(u).
    internal static string Log1p(GraphContext g, string x, DType dtype)
    {
        string one = g.Number(1, dtype), u = g.Node("Add", x, one);
        string ratio = g.Node("Where", g.Node("Equal", u, x), one, g.Node("Div", x, g.Node("Sub", u, one)));
        return g.Node("Where", g.Node("Equal", u, one), x, g.Node("Mul", g.Node("Log", u), ratio));
    }

    // With u = exp(x), exp(x) - 1 is (u - 1) x / log(u) for small x, by the same argument; for others nothing cancels in u - 1.
    private static string Expm1(GraphContext g, string x, DType dtype)
    {
        string one = g.Number(1, dtype), u = g.Node("Exp", x), less = g.Node("Sub", u, one);
        string near = g.Node("Where", g.Node("Equal", u, one), x, g.Node("Mul", less, g.Node("Div", x, g.Node("Log", u))));
        return g.Node("Where", g.Node("Less", g.Node("Abs", x), g.Number(0.5, dtype)), near, less);
    }

    // (1 + erf(x / √2)) / 2: without the relative accuracy that the engine's has in the lower tail, for which no standard operator exists.
    private static string NormalCdf(GraphContext g, string x, DType dtype) =>
        g.Node("Mul", g.Node("Add", g.Node("Erf", g.Node("Mul", x, g.Number(Math.Sqrt(0.5), dtype))), g.Number(1, dtype)), g.Number(0.5, dtype));

    // Not below the lowest finite number, so that a product with 0 in place of the limit at -∞ is 0 and not NaN.
    private static string Finite(GraphContext g, string x, DType dtype) =>
        g.Node("Max", x, g.Number(dtype == DType.Float32 ? float.MinValue : double.MinValue, dtype));
}
