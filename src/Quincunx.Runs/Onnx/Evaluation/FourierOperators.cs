using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>The discrete Fourier transform by its definition.</summary>
internal static class FourierOperators
{
    public static void AddTo(IDictionary<string, Operator> table) => table["DFT"] = Transform;

    // The last axis has the real part, and the imaginary one if there is any.
    private static OnnxTensor Transform(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        OnnxTensor x = inputs.At(0);
        int rank = x.Shape.Count, axis = NodeReading.Axis(node.Int("axis", 1), rank), n = x.Shape[axis], parts = x.Shape[^1];
        bool inverse = node.Int("inverse", 0) != 0;
        int kept = node.Int("onesided", 0) != 0 ? (n / 2) + 1 : n;
        int[] shape = [.. x.Shape];
        (shape[axis], shape[^1]) = (kept, 2);
        int[] steps = Walk.Strides(x.Shape), index = new int[rank];
        double[] y = new double[Walk.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            Walk.Unravel(i, shape, index);
            (int k, bool imaginary) = (index[axis], index[^1] == 1);
            (index[axis], index[^1]) = (0, 0);
            int start = Walk.Place(index, steps);
            double sum = 0;
            for (int j = 0; j < n; j++)
            {
                // The product is reduced first, so that the angle is exact.
                double angle = (inverse ? 2 : -2) * Math.PI * ((long)j * k % n) / n, cos = Math.Cos(angle), sin = Math.Sin(angle);
                double re = x.Values[start + (j * steps[axis])], im = parts == 2 ? x.Values[start + (j * steps[axis]) + 1] : 0;
                sum += imaginary ? (re * sin) + (im * cos) : (re * cos) - (im * sin);
            }

            y[i] = inverse ? sum / n : sum;
        }

        return new OnnxTensor(x.Type, shape, y);
    }
}
