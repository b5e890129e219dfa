using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Reductions over axes, softmax and running sums.</summary>
internal static class ReductionOperators
{
    public static void AddTo(IDictionary<string, Operator> table)
    {
        Add("ReduceSum", values => values.Sum());
        Add("ReduceMax", values => values.Aggregate(double.NegativeInfinity, (a, b) => double.IsNaN(a) || a > b ? a : b));
        Add("ReduceMin", values => values.Aggregate(double.PositiveInfinity, (a, b) => double.IsNaN(a) || a < b ? a : b));
        Add("ReduceLogSumExp", LogSumExp);
        table["Softmax"] = Softmax;
        table["CumSum"] = CumulativeSum;

        void Add(string name, Func<double[], double> f) => table[name] = (node, inputs) => Reduce(node, inputs, f);
    }

    private static OnnxTensor Reduce(Node node, IReadOnlyList<OnnxTensor?> inputs, Func<double[], double> f)
    {
        OnnxTensor x = inputs.At(0);
        int rank = x.Shape.Count;
        long[]? named = inputs.Maybe(1) is { } axes ? Array.ConvertAll(axes.Values, v => (long)v) : node.Ints("axes");
        var reduced = new HashSet<int>(named is null ? Enumerable.Range(0, rank) : named.Select(a => NodeReading.Axis(a, rank)));
        int[] kept = [.. x.Shape.Select((n, axis) => reduced.Contains(axis) ? 1 : n)];
        int[] steps = Walk.Strides(kept, x.Shape), index = new int[rank];
        var groups = new List<double>[Walk.Count(kept)];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = [];
        }

        for (int i = 0; i < x.Count; i++)
        {
            Walk.Unravel(i, x.Shape, index);
            groups[Walk.Place(index, steps)].Add(x.Values[i]);
        }

        IEnumerable<int> shape = node.Int("keepdims", 1) != 0 ? kept : x.Shape.Where((_, axis) => !reduced.Contains(axis));
        return new OnnxTensor(x.Type, [.. shape], Array.ConvertAll(groups, g => f([.. g])));
    }

    private static double LogSumExp(double[] values)
    {
        double largest = values.Aggregate(double.NegativeInfinity, (a, b) => double.IsNaN(a) || a > b ? a : b);
        return double.IsFinite(largest) ? largest + Math.Log(values.Sum(v => Math.Exp(v - largest))) : largest;
    }

    private static OnnxTensor Softmax(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        double[] y = new double[inputs.At(0).Count];
        foreach ((int start, int step, int length) in Lines(inputs.At(0), NodeReading.Axis(node.Int("axis", -1), inputs.At(0).Shape.Count)))
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int i = 0; i < length; i++)
            {
                double value = inputs.At(0).Values[start + (i * step)];
                largest = double.IsNaN(largest) || largest > value ? largest : value;
            }

            for (int i = 0; i < length; i++)
            {
                sum += y[start + (i * step)] = Math.Exp(inputs.At(0).Values[start + (i * step)] - largest);
            }

            for (int i = 0; i < length; i++)
            {
                y[start + (i * step)] /= sum;
            }
        }

        return new OnnxTensor(inputs.At(0).Type, inputs.At(0).Shape, y);
    }

    private static OnnxTensor CumulativeSum(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0);
        bool exclusive = node.Int("exclusive", 0) != 0, reverse = node.Int("reverse", 0) != 0;
        double[] y = new double[x.Count];
        foreach ((int start, int step, int length) in Lines(x, NodeReading.Axis((long)inputs.At(1).Values[0], x.Shape.Count)))
        {
            double sum = 0;
            for (int i = 0; i < length; i++)
            {
                int at = start + ((reverse ? length - 1 - i : i) * step);
                y[at] = exclusive ? sum : sum + x.Values[at];
                sum += x.Values[at];
            }
        }

        return new OnnxTensor(x.Type, x.Shape, y);
    }

    // The lines of elements along an axis.
    private static IEnumerable<(int Start, int Step, int Length)> Lines(OnnxTensor x, int axis)
    {
        int inner = Walk.Count(x.Shape.Skip(axis + 1)), length = x.Shape[axis], outer = Walk.Count(x.Shape.Take(axis));
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                yield return ((o * length * inner) + i, inner, length);
            }
        }
    }
}
