using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Picking elements by indices, and putting them there.</summary>
internal static class IndexOperators
{
    public static void AddTo(IDictionary<string, Operator> table)
    {
        table["Gather"] = Gather;
        table["GatherElements"] = GatherElements;
        table["ScatterElements"] = ScatterElements;
        table["ScatterND"] = ScatterPlaces;
    }

    private static OnnxTensor Gather(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0), places = inputs.At(1);
        int axis = NodeReading.Axis(node.Int("axis", 0), x.Shape.Count), length = x.Shape[axis];
        int outer = Walk.Count(x.Shape.Take(axis)), inner = Walk.Count(x.Shape.Skip(axis + 1));
        List<double> y = [];
        for (int o = 0; o < outer; o++)
        {
            foreach (double place in places.Values)
            {
                y.AddRange(x.Values.AsSpan(((o * length) + Inside(place, length)) * inner, inner));
            }
        }

        return new OnnxTensor(x.Type, [.. x.Shape.Take(axis), .. places.Shape, .. x.Shape.Skip(axis + 1)], [.. y]);
    }

    private static OnnxTensor GatherElements(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0), places = inputs.At(1);
        int axis = NodeReading.Axis(node.Int("axis", 0), x.Shape.Count);
        int[] steps = Walk.Strides(x.Shape), index = new int[x.Shape.Count];
        double[] y = new double[places.Count];
        for (int i = 0; i < y.Length; i++)
        {
            Walk.Unravel(i, places.Shape, index);
            index[axis] = Inside(places.Values[i], x.Shape[axis]);
            y[i] = x.Values[Walk.Place(index, steps)];
        }

        return new OnnxTensor(x.Type, places.Shape, y);
    }

    private static OnnxTensor ScatterElements(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0), places = inputs.At(1), updates = inputs.At(2);
        Func<double, double, double> combine = Combination(node);
        int axis = NodeReading.Axis(node.Int("axis", 0), x.Shape.Count);
        int[] steps = Walk.Strides(x.Shape), index = new int[x.Shape.Count];
        double[] y = [.. x.Values];
        for (int i = 0; i < updates.Count; i++)
        {
            Walk.Unravel(i, updates.Shape, index);
            index[axis] = Inside(places.Values[i], x.Shape[axis]);
            int at = Walk.Place(index, steps);
            y[at] = combine(y[at], updates.Values[i]);
        }

        return new OnnxTensor(x.Type, x.Shape, y);
    }

    // Each row of the indices is a place along the leading axes, where a block of the updates goes.
    private static OnnxTensor ScatterPlaces(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0), places = inputs.At(1), updates = inputs.At(2);
        Func<double, double, double> combine = Combination(node);
        int leading = places.Shape[^1], block = Walk.Count(x.Shape.Skip(leading)), rows = leading == 0 ? 0 : places.Count / leading;
        if (updates.Count != rows * block)
        {
            throw new OnnxException($"found updates {updates}, expected {rows} blocks of {block}");
        }

        double[] y = [.. x.Values];
        for (int row = 0; row < rows; row++)
        {
            int at = 0;
            for (int axis = 0; axis < leading; axis++)
            {
                at = (at * x.Shape[axis]) + Inside(places.Values[(row * leading) + axis], x.Shape[axis]);
            }

            for (int i = 0; i < block; i++)
            {
                y[(at * block) + i] = combine(y[(at * block) + i], updates.Values[(row * block) + i]);
            }
        }

        return new OnnxTensor(x.Type, x.Shape, y);
    }

    private static Func<double, double, double> Combination(Node node) => node.Text("reduction", "none") switch
    {
        "none" => (_, update) => update,
        "add" => (old, update) => old + update,
        "mul" => (old, update) => old * update,
        "max" => (old, update) => double.IsNaN(old) || old > update ? old : update,
        "min" => (old, update) => double.IsNaN(old) || old < update ? old : update,
        var other => throw new OnnxException($"found reduction '{other}', expected none, add, mul, max or min"),
    };

    private static int Inside(double place, int length)
    {
        double normal = place < 0 ? place + length : place;
        return normal >= 0 && normal < length ? (int)normal : throw new OnnxException($"found index {place} of an axis of length {length}");
    }
}
