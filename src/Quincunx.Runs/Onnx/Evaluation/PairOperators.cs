namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Functions of two or three tensors that broadcast.</summary>
internal static class PairOperators
{
    public static void AddTo(IDictionary<string, Operator> table)
    {
        Add("Add", (a, b) => a + b);
        Add("Sub", (a, b) => a - b);
        Add("Mul", (a, b) => a * b);
        Add("Div", (a, b) => a / b);
        Add("Pow", Math.Pow);
        Add("Max", (a, b) => double.IsNaN(a) || a > b ? a : b);
        Add("Min", (a, b) => double.IsNaN(a) || a < b ? a : b);
        Test("Less", (a, b) => a < b);
        Test("LessOrEqual", (a, b) => a <= b);
        Test("Greater", (a, b) => a > b);
        Test("GreaterOrEqual", (a, b) => a >= b);
        Test("Equal", (a, b) => a == b);
        Test("And", (a, b) => a != 0 && b != 0);
        Test("Or", (a, b) => a != 0 || b != 0);
        table["Where"] = (_, inputs) => Where(inputs.At(0), inputs.At(1), inputs.At(2));

        void Add(string name, Func<double, double, double> f) => table[name] = (_, inputs) => Map(inputs.At(0), inputs.At(1), f, inputs.At(0).Type);

        void Test(string name, Func<double, double, bool> f) =>
            table[name] = (_, inputs) => Map(inputs.At(0), inputs.At(1), (a, b) => f(a, b) ? 1 : 0, OnnxType.Bool);
    }

    private static OnnxTensor Map(OnnxTensor a, OnnxTensor b, Func<double, double, double> f, OnnxType type)
    {
        RequireSameType(a, b);
        int[] shape = Walk.Broadcast(a.Shape, b.Shape), stepsA = Walk.Strides(a.Shape, shape), stepsB = Walk.Strides(b.Shape, shape), index = new int[shape.Length];
        double[] y = new double[Walk.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            Walk.Unravel(i, shape, index);
            y[i] = f(a.Values[Walk.Place(index, stepsA)], b.Values[Walk.Place(index, stepsB)]);
        }

        return new OnnxTensor(type, shape, y);
    }

    private static OnnxTensor Where(OnnxTensor mask, OnnxTensor a, OnnxTensor b)
    {
        RequireSameType(a, b);
        if (mask.Type != OnnxType.Bool)
        {
            throw new OnnxException($"found a condition of {mask.Type}, expected truth values");
        }

        int[] shape = Walk.Broadcast(mask.Shape, a.Shape, b.Shape), index = new int[shape.Length];
        int[] stepsM = Walk.Strides(mask.Shape, shape), stepsA = Walk.Strides(a.Shape, shape), stepsB = Walk.Strides(b.Shape, shape);
        double[] y = new double[Walk.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            Walk.Unravel(i, shape, index);
            y[i] = mask.Values[Walk.Place(index, stepsM)] != 0 ? a.Values[Walk.Place(index, stepsA)] : b.Values[Walk.Place(index, stepsB)];
        }

        return new OnnxTensor(a.Type, shape, y);
    }

    private static void RequireSameType(OnnxTensor a, OnnxTensor b)
    {
        if (a.Type != b.Type)
        {
            throw new OnnxException($"found operands of {a.Type} and {b.Type}, expected one type");
        }
    }
}
