using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Fourier transforms. The operator has real and imaginary parts as the last axis, ours as the first, and an axis of examples in front.</summary>
internal static class FourierTranslations
{
    public static void AddTo(IDictionary<string, Translation> table) => table["Fft"] = Transform;

    private static string? Transform(GraphContext g, GraphStep s)
    {
        bool realInput = s.Note.Flag("realInput"), realOutput = s.Note.Flag("realOutput"), inverse = s.Note.Flag("inverse");
        int axis = s.Note.Int("axis"), n = s.Note.Int("length");
        GraphTensor x = s.Inputs[0];
        if (s.Result.Count == Extent.Zero)
        {
            return g.Expand(g.Number(0, s.DType), s.Result.Shape);
        }

        int rank = realInput ? x.Rank : x.Rank - 1;
        string value = g.Read(x);
        if (realOutput)
        {
            // Half of the numbers, each with its weight: the other half is left at zero, and of the sum the real part counts.
            value = Weighted(g, s, value, rank, axis);
            long[] pads = new long[2 * x.Rank];
            pads[x.Rank + 1 + axis] = n - ((n / 2) + 1);
            value = g.Node("Pad", value, g.Nodes.Ints(pads), g.Number(0, s.DType));
        }

        value = realInput ? g.Node("Unsqueeze", value, g.Nodes.Ints(x.Rank)) : g.Transpose(value, [.. Enumerable.Range(1, rank), 0]);
        value = g.Node("Unsqueeze", value, g.Nodes.Ints(0));
        value = g.Node("DFT", [value], ("axis", axis + 1), ("inverse", inverse), ("onesided", realInput));
        value = g.Node("Squeeze", value, g.Nodes.Ints(0));
        if (realOutput)
        {
            value = g.Node("Gather", [value, g.Nodes.Int(0)], ("axis", rank));
            return g.Node("Mul", value, g.Number(n, s.DType));
        }

        value = g.Transpose(value, [rank, .. Enumerable.Range(0, rank)]);
        if (realInput)
        {
            return Weighted(g, s, value, rank, axis);
        }

        // The operator's inverse divides by n.
        double scale = s.Note.Number("others") * (inverse ? n : 1);
        return scale == 1 ? value : g.Node("Mul", value, g.Number(scale, s.DType));
    }

    // Numbers without a mirror image, at 0 and half the length, have a weight of their own.
    private static string Weighted(GraphContext g, GraphStep s, string value, int rank, int axis)
    {
        int n = s.Note.Int("length");
        double ends = s.Note.Number("ends"), others = s.Note.Number("others");
        if (ends == 1 && others == 1)
        {
            return value;
        }

        double[] weights = new double[(n / 2) + 1];
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = k == 0 || 2 * k == n ? ends : others;
        }

        int[] shape = new int[rank - axis];
        Array.Fill(shape, 1);
        shape[0] = weights.Length;
        return g.Node("Mul", value, g.Nodes.Constant("weights", Tensor.From(weights, new Shape(shape), s.DType)));
    }
}
