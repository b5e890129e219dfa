using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Operations that move elements and do not change them, and those that make tensors of one number.</summary>
internal static class LayoutTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        table["Fill"] = (g, s) => g.Expand(g.Number(s.Note.Number("value"), s.DType), s.Result.Shape);
        table["Broadcast"] = (g, s) => g.Expand(g.Read(s.Inputs[0]), s.Result.Shape);
        table["Conversion"] = (g, s) => g.Cast(g.Read(s.Inputs[0]), s.DType);
        table["Transpose"] = (g, s) => g.Transpose(g.Read(s.Inputs[0]), s.Note.Ints("order"));
        table["Copy"] = (g, s) => g.Reshape(g.Node("Identity", g.Read(s.Inputs[0])), s.Inputs[0].Shape, s.Result.Shape);
        table["Nothing"] = (_, _) => null;
        table["Put"] = Put;
        table["Take"] = Take;
        table["Triangle"] = (g, s) => g.Node(
            "Trilu", [g.Read(s.Inputs[0]), g.Nodes.Int(s.Note.Int("diagonal"))], ("upper", !s.Note.Flag("keepsLower")));
        table["Diagonal"] = Diagonal;
        table["ToDiagonal"] = ToDiagonal;
    }

    // One of several side by side, or one among zeros.
    private static string? Put(GraphContext g, GraphStep s)
    {
        string part = g.Read(s.Inputs[0]);
        int axis = s.Note.Int("axis");
        if (!g.Memory.IsWritten(s.Result))
        {
            g.Memory.Join(s.Result, s.Inputs[0], axis, part);
            return null;
        }

        // Among zeros: position i takes the element that belongs there, or the zero that is put behind the last one.
        Extent length = s.Result.Shape[axis], count = s.Inputs[0].Shape[axis];
        if (!length.IsFixed || !count.IsFixed)
        {
            throw new OnnxException("A part of an axis as long as the batch is put among zeros.");
        }

        int first = s.Note.Int("first"), step = s.Note.Int("step");
        int[] source = new int[length.Short];
        source.AsSpan().Fill((int)count.Short);
        for (int i = 0; i < count.Short; i++)
        {
            source[first + (i * step)] = i;
        }

        long[] pads = new long[2 * s.Result.Rank];
        pads[s.Result.Rank + axis] = 1;
        string padded = g.Node("Pad", part, g.Nodes.Ints(pads), g.Number(0, s.DType));
        return g.Node("Gather", [padded, g.Nodes.Places(Indices.From(source, new Shape(source.Length)), source.Length)], ("axis", axis));
    }

    private static string Take(GraphContext g, GraphStep s)
    {
        int axis = s.Note.Int("axis"), first = s.Note.Int("first"), step = s.Note.Int("step");
        string x = g.Read(s.Inputs[0]);
        Extent count = s.Result.Shape[axis];
        if (!count.IsFixed)
        {
            // As far as the axis goes.
            return step == 1 ? g.Slice(x, axis, first, long.MaxValue)
                : throw new OnnxException("Every so many positions are taken of an axis that is as long as the batch.");
        }

        long end = first + (step * count.Short);
        return g.Slice(x, axis, first, end < 0 ? long.MinValue : end, step);
    }

    // What is not on the diagonal counts as 0, whatever it holds, and each row's sum is its one element.
    private static string Diagonal(GraphContext g, GraphStep s)
    {
        GraphTensor x = s.Inputs[0];
        (int rows, int columns) = Matrix(x);
        string kept = g.Node("Where", OnDiagonal(g, rows, columns), g.Read(x), g.Number(0, s.DType));
        string axis = g.Nodes.Ints(rows <= columns ? x.Rank - 1 : x.Rank - 2);
        return g.Node("ReduceSum", [kept, axis], ("keepdims", 0));
    }

    private static string ToDiagonal(GraphContext g, GraphStep s)
    {
        (int rows, int columns) = Matrix(s.Result);
        string wide = g.Node("Unsqueeze", g.Read(s.Inputs[0]), g.Nodes.Ints(rows <= columns ? s.Result.Rank - 1 : s.Result.Rank - 2));
        return g.Node("Where", OnDiagonal(g, rows, columns), wide, g.Number(0, s.DType));
    }

    private static (int Rows, int Columns) Matrix(GraphTensor x) => x.Shape[^2].IsFixed && x.Shape[^1].IsFixed
        ? ((int)x.Shape[^2].Short, (int)x.Shape[^1].Short)
        : throw new OnnxException("A matrix whose diagonal is wanted has an axis that is as long as the batch.");

    private static string OnDiagonal(GraphContext g, int rows, int columns)
    {
        bool[] mask = new bool[rows * columns];
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            mask[(i * columns) + i] = true;
        }

        return g.Nodes.Mask(mask, rows, columns);
    }
}
