namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Functions of one tensor, element by element.</summary>
internal static class UnaryOperators
{
    public static void AddTo(IDictionary<string, Operator> table)
    {
        Add("Exp", Math.Exp);
        Add("Log", Math.Log);
        Add("Sqrt", Math.Sqrt);
        Add("Reciprocal", x => 1 / x);
        Add("Abs", Math.Abs);
        Add("Neg", x => -x);
        Add("Sign", x => double.IsNaN(x) ? x : Math.Sign(x));
        Add("Floor", Math.Floor);
        Add("Sin", Math.Sin);
        Add("Cos", Math.Cos);
        Add("Atan", Math.Atan);
        Add("Tanh", Math.Tanh);
        Add("Erf", Erf);
        Add("Sigmoid", x => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)));
        Add("Softplus", Softplus);
        Add("Relu", x => x < 0 ? 0 : x);
        Add("Identity", x => x);
        table["LeakyRelu"] = (node, inputs) => node.Float("alpha", 0.01f) is var alpha ? Map(inputs.At(0), x => x < 0 ? alpha * x : x) : null!;
        table["Elu"] = (node, inputs) => node.Float("alpha", 1) is var alpha ? Map(inputs.At(0), x => x < 0 ? alpha * (Math.Exp(x) - 1) : x) : null!;
        table["IsNaN"] = (_, inputs) => Map(inputs.At(0), x => double.IsNaN(x) ? 1 : 0, OnnxType.Bool);
        table["IsInf"] = (_, inputs) => Map(inputs.At(0), x => double.IsInfinity(x) ? 1 : 0, OnnxType.Bool);
        table["Not"] = (_, inputs) => Map(inputs.At(0), x => x == 0 ? 1 : 0, OnnxType.Bool);
        table["Cast"] = (node, inputs) => Cast(inputs.At(0), TensorReading.TypeOf((int)node.Int("to", 0)) ?? throw new OnnxException("a type to cast to is missing"));

        void Add(string name, Func<double, double> f) => table[name] = (_, inputs) => Map(inputs.At(0), f);
    }

    private static OnnxTensor Map(OnnxTensor x, Func<double, double> f, OnnxType? type = null) =>
        new(type ?? x.Type, x.Shape, Array.ConvertAll(x.Values, v => f(v)));

    private static OnnxTensor Cast(OnnxTensor x, OnnxType type) => type switch
    {
        OnnxType.Bool => Map(x, v => v == 0 ? 0 : 1, type),
        OnnxType.Int64 => Map(x, Math.Truncate, type),
        _ => Map(x, v => v, type),
    };

    private static double Softplus(double x)
    {
        // log(1 + u) = u - u²/2 + … where 1 + u has lost u.
        double u = Math.Exp(-Math.Abs(x)), log = u < 1e-5 ? u - (0.5 * u * u) : Math.Log(1 + u);
        return Math.Max(x, 0) + log;
    }

    // Abramowitz and Stegun 7.1.6: 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)), all of whose terms have one sign.
    private static double Erf(double x)
    {
        const double Last = 6;          // 1 - erf(6) is 2e-17
        if (!(Math.Abs(x) < Last))
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
