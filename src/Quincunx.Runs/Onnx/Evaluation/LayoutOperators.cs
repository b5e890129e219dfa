using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Operators that move elements.</summary>
internal static class LayoutOperators
{
    public static void AddTo(IDictionary<string, Operator> table)
    {
        table["Reshape"] = (node, inputs) => Reshape(inputs.At(0), inputs.At(1).Whole(), node.Int("allowzero", 0) != 0);
        table["Unsqueeze"] = (_, inputs) => Unsqueeze(inputs.At(0), inputs.At(1).Whole());
        table["Squeeze"] = (_, inputs) => Squeeze(inputs.At(0), inputs.At(1).Whole());
        table["Transpose"] = Transpose;
        table["Expand"] = (_, inputs) => Expand(inputs.At(0), inputs.At(1).Whole());
        table["Concat"] = Concat;
        table["Slice"] = (_, inputs) => Slice(inputs);
        table["Pad"] = (_, inputs) => Pad(inputs.At(0), inputs.At(1).Whole(), inputs.Maybe(2)?.Values[0] ?? 0);
        table["Trilu"] = (node, inputs) => Triangle(inputs.At(0), (int)(inputs.Maybe(1)?.Values[0] ?? 0), node.Int("upper", 1) != 0);
        table["Shape"] = (_, inputs) => new OnnxTensor(OnnxType.Int64, [inputs.At(0).Shape.Count], [.. inputs.At(0).Shape.Select(n => (double)n)]);
    }

    // The values of a new shape, each from a place of the old one; a negative place gives the filling.
    private static OnnxTensor Rearrange(OnnxTensor x, IReadOnlyList<int> shape, Func<int[], int> place, double filling = 0)
    {
        int[] index = new int[shape.Count];
        double[] y = new double[Walk.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            Walk.Unravel(i, shape, index);
            int from = place(index);
            y[i] = from < 0 ? filling : x.Values[from];
        }

        return new OnnxTensor(x.Type, shape, y);
    }

    private static OnnxTensor Reshape(OnnxTensor x, int[] wanted, bool allowsZero)
    {
        int[] shape = [.. wanted.Select((n, axis) => n == 0 && !allowsZero ? x.Shape[axis] : n)];
        int open = Array.IndexOf(shape, -1);
        if (open >= 0)
        {
            int rest = Walk.Count(shape.Where((_, axis) => axis != open));
            shape[open] = rest == 0 ? 0 : x.Count / rest;
        }

        return new OnnxTensor(x.Type, shape, x.Values);
    }

    private static OnnxTensor Unsqueeze(OnnxTensor x, int[] axes)
    {
        int rank = x.Shape.Count + axes.Length;
        var added = new HashSet<int>(axes.Select(a => NodeReading.Axis(a, rank)));
        var rest = new Queue<int>(x.Shape);
        return new OnnxTensor(x.Type, [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : rest.Dequeue())], x.Values);
    }

    private static OnnxTensor Squeeze(OnnxTensor x, int[] axes)
    {
        var dropped = new HashSet<int>(axes.Select(a => NodeReading.Axis(a, x.Shape.Count)));
        return new OnnxTensor(x.Type, [.. x.Shape.Where((_, axis) => !dropped.Contains(axis))], x.Values);
    }

    private static OnnxTensor Transpose(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0);
        int[] order = node.Ints("perm") is { } perm ? Array.ConvertAll(perm, p => NodeReading.Axis(p, x.Shape.Count)) : [.. Enumerable.Range(0, x.Shape.Count).Reverse()];
        int[] own = Walk.Strides(x.Shape), steps = Array.ConvertAll(order, axis => own[axis]);
        return Rearrange(x, Array.ConvertAll(order, axis => x.Shape[axis]), index => Walk.Place(index, steps));
    }

    private static OnnxTensor Expand(OnnxTensor x, int[] wanted)
    {
        int[] shape = Walk.Broadcast(x.Shape, wanted), steps = Walk.Strides(x.Shape, shape);
        return Rearrange(x, shape, index => Walk.Place(index, steps));
    }

    private static OnnxTensor Concat(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor first = inputs.At(0);
        int axis = NodeReading.Axis(node.Int("axis", 0), first.Shape.Count);
        if (inputs.Any(x => x is null || x.Type != first.Type || x.Shape.Count != first.Shape.Count || x.Shape.Where((n, a) => a != axis && n != first.Shape[a]).Any()))
        {
            throw new OnnxException($"found {string.Join(" and ", inputs)}, expected one type and equal shapes but for axis {axis}");
        }

        int[] shape = [.. first.Shape];
        shape[axis] = inputs.Sum(x => x!.Shape[axis]);
        List<double> y = [];
        for (int o = 0, outer = Walk.Count(shape.Take(axis)); o < outer; o++)
        {
            foreach (OnnxTensor? part in inputs)
            {
                int block = part!.Count / outer;
                y.AddRange(part.Values.AsSpan(o * block, block));
            }
        }

        return new OnnxTensor(first.Type, shape, [.. y]);
    }

    private static OnnxTensor Slice(IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0);
        int[] starts = inputs.At(1).Whole(), ends = inputs.At(2).Whole();
        int[] axes = inputs.Maybe(3)?.Whole() ?? [.. Enumerable.Range(0, starts.Length)], by = inputs.Maybe(4)?.Whole() ?? [.. starts.Select(_ => 1)];
        int[] shape = [.. x.Shape], steps = Walk.Strides(x.Shape);
        int origin = 0;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = NodeReading.Axis(axes[i], x.Shape.Count), length = x.Shape[axis], step = by[i];
            if (step == 0)
            {
                throw new OnnxException("found step 0");
            }

            long start = Bound(starts[i], length, step), end = Bound(ends[i], length, step);
            shape[axis] = (int)Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
            origin += (int)start * steps[axis];
            steps[axis] *= step;
        }

        return Rearrange(x, shape, index => origin + Walk.Place(index, steps));
    }

    // Negative places count from the end; what lies outside is moved to the end of the axis that a walk in this direction would reach.
    private static long Bound(long place, int length, int step)
    {
        long normal = place < 0 ? place + length : place;
        return step > 0 ? Math.Clamp(normal, 0, length) : Math.Clamp(normal, -1, length - 1);
    }

    private static OnnxTensor Pad(OnnxTensor x, int[] pads, double filling)
    {
        int rank = x.Shape.Count;
        if (pads.Length != 2 * rank)
        {
            throw new OnnxException($"found {pads.Length} pads, expected {2 * rank}");
        }

        int[] shape = [.. x.Shape.Select((n, axis) => n + pads[axis] + pads[axis + rank])], steps = Walk.Strides(x.Shape);
        return Rearrange(
            x,
            shape,
            index =>
            {
                int place = 0;
                for (int axis = 0; axis < rank; axis++)
                {
                    int at = index[axis] - pads[axis];
                    if (at < 0 || at >= x.Shape[axis])
                    {
                        return -1;
                    }

                    place += at * steps[axis];
                }

                return place;
            },
            filling);
    }

    private static OnnxTensor Triangle(OnnxTensor x, int diagonal, bool upper)
    {
        int[] steps = Walk.Strides(x.Shape);
        return Rearrange(x, x.Shape, index => (upper ? index[^1] - index[^2] >= diagonal : index[^1] - index[^2] <= diagonal) ? Walk.Place(index, steps) : -1);
    }
}
