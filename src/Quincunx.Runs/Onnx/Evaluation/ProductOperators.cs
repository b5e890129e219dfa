using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Matrix products.</summary>
internal static class ProductOperators
{
    public static void AddTo(IDictionary<string, Operator> table)
    {
        table["MatMul"] = (_, inputs) => Product(inputs.At(0), inputs.At(1), addend: null);
        table["Gemm"] = Gemm;
    }

    private static OnnxTensor Gemm(Node node, IReadOnlyList<OnnxTensor?> inputs)
    {
        if (node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1)
        {
            throw new OnnxException("found a factor, expected none");
        }

        OnnxTensor a = Turned(inputs.At(0), node.Int("transA", 0) != 0), b = Turned(inputs.At(1), node.Int("transB", 0) != 0);
        return Product(a, b, inputs.Maybe(2));
    }

    private static OnnxTensor Turned(OnnxTensor x, bool turns)
    {
        if (x.Shape.Count != 2)
        {
            throw new OnnxException($"found {x}, expected a matrix");
        }

        if (!turns)
        {
            return x;
        }

        int rows = x.Shape[1], columns = x.Shape[0];
        double[] y = new double[x.Count];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x.Values[(i % columns * rows) + (i / columns)];
        }

        return new OnnxTensor(x.Type, [rows, columns], y);
    }

    // Over the last two axes; the others broadcast. Rounded once, after the addend.
    private static OnnxTensor Product(OnnxTensor a, OnnxTensor b, OnnxTensor? addend)
    {
        if (a.Shape.Count < 2 || b.Shape.Count < 2 || a.Shape[^1] != b.Shape[^2] || a.Type != b.Type)
        {
            throw new OnnxException($"found {a} and {b}, expected matrices that can be multiplied");
        }

        int m = a.Shape[^2], k = a.Shape[^1], n = b.Shape[^1];
        int[] outerA = [.. a.Shape.SkipLast(2)], outerB = [.. b.Shape.SkipLast(2)], outer = Walk.Broadcast(outerA, outerB);
        int[] stepsA = Walk.Strides(outerA, outer), stepsB = Walk.Strides(outerB, outer), index = new int[outer.Length];
        int[] shape = [.. outer, m, n], stepsC = addend is null ? [] : Walk.Strides(addend.Shape, shape), place = new int[shape.Length];
        double[] y = new double[Walk.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int batch = i / (m * n), row = i / n % m, column = i % n;
            Walk.Unravel(batch, outer, index);
            int atA = ((Walk.Place(index, stepsA) * m) + row) * k, atB = (Walk.Place(index, stepsB) * k * n) + column;
            double sum = 0;
            for (int j = 0; j < k; j++)
            {
                sum += a.Values[atA + j] * b.Values[atB + (j * n)];
            }

            if (addend is not null)
            {
                Walk.Unravel(i, shape, place);
                sum += addend.Values[Walk.Place(place, stepsC)];
            }

            y[i] = sum;
        }

        return new OnnxTensor(a.Type, shape, y);
    }
}
