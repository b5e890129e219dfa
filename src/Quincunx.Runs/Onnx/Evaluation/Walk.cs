namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Places in row-major arrays.</summary>
internal static class Walk
{
    // A damaged file may ask for more than any machine has.
    private const long Most = 1 << 28;

    /// <exception cref="OnnxException">There are too many to evaluate here.</exception>
    public static int Count(IEnumerable<int> shape)
    {
        long product = 1;
        foreach (int length in shape)
        {
            product *= length;
            if (product is < 0 or > Most)
            {
                throw new OnnxException($"found a value of {product} elements, expected at most {Most}");
            }
        }

        return (int)product;
    }

    /// <summary>Distance between neighbours along each axis.</summary>
    public static int[] Strides(IReadOnlyList<int> shape)
    {
        int[] strides = new int[shape.Count];
        int stride = 1;
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>Strides of an operand that is repeated to a shape: 0 along axes that it lacks or has with length 1.</summary>
    public static int[] Strides(IReadOnlyList<int> operand, IReadOnlyList<int> shape)
    {
        int[] own = Strides(operand), strides = new int[shape.Count];
        for (int i = 1; i <= operand.Count; i++)
        {
            strides[^i] = operand[^i] == 1 ? 0 : own[^i];
        }

        return strides;
    }

    /// <summary>The indices of a place.</summary>
    public static void Unravel(int place, IReadOnlyList<int> shape, Span<int> index)
    {
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            index[axis] = place % shape[axis];
            place /= shape[axis];
        }
    }

    public static int Place(ReadOnlySpan<int> index, ReadOnlySpan<int> strides)
    {
        int place = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            place += index[axis] * strides[axis];
        }

        return place;
    }

    /// <summary>The shape that shapes repeat to.</summary>
    /// <exception cref="OnnxException">There is none.</exception>
    public static int[] Broadcast(params ReadOnlySpan<IReadOnlyList<int>> shapes)
    {
        int rank = 0;
        foreach (IReadOnlyList<int> shape in shapes)
        {
            rank = Math.Max(rank, shape.Count);
        }

        int[] common = new int[rank];
        Array.Fill(common, 1);
        foreach (IReadOnlyList<int> shape in shapes)
        {
            for (int i = 1; i <= shape.Count; i++)
            {
                if (shape[^i] != 1 && common[^i] != 1 && shape[^i] != common[^i])
                {
                    throw new OnnxException($"shapes do not broadcast: lengths {common[^i]} and {shape[^i]}");
                }

                common[^i] = shape[^i] == 1 ? common[^i] : shape[^i];
            }
        }

        return common;
    }
}
