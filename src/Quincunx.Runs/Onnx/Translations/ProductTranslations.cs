using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Matrix products and the layers made of them.</summary>
internal static class ProductTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        table["MatMul"] = (g, s) => g.Node(
            "MatMul", Turned(g, s.Inputs[0], s.Note.Flag("transposeA")), Turned(g, s.Inputs[1], s.Note.Flag("transposeB")));
        table["Linear"] = Linear;
        table["LinearColumns"] = (g, s) => LinearColumns(g, s, Weight(g, s.Inputs[0], s.Note.Staircase("staircase")), g.Read(s.Inputs[1]));
        table["LinearColumnsPart"] = LinearColumnsPart;
        table["LinearColumnsBack"] = (g, s) => g.Node("MatMul", g.Transpose(Weight(g, s.Inputs[0], s.Note.Staircase("staircase")), 1, 0), g.Read(s.Inputs[1]));
        table["SolveTriangular"] = SolveTriangular;
        table["LinearColumnsWeight"] = (g, s) => Masked(
            g, g.Node("MatMul", g.Read(s.Inputs[0]), g.Transpose(g.Read(s.Inputs[1]), 1, 0)), s.Note.Staircase("staircase"), s.DType);
    }

    private static string Turned(GraphContext g, GraphTensor x, bool transposes)
    {
        if (!transposes)
        {
            return g.Read(x);
        }

        int[] order = [.. Enumerable.Range(0, x.Rank)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return g.Transpose(g.Read(x), order);
    }

    private static string Linear(GraphContext g, GraphStep s)
    {
        string x = g.Read(s.Inputs[0]), weight = g.Read(s.Inputs[1]);
        if (s.Inputs[0].Rank == 2)
        {
            return s.Inputs.Count == 3
                ? g.Node("Gemm", [x, weight, g.Read(s.Inputs[2])], ("transB", 1))
                : g.Node("Gemm", [x, weight], ("transB", 1));
        }

        string y = g.Node("MatMul", x, g.Transpose(weight, 1, 0));
        return s.Inputs.Count == 3 ? g.Node("Add", y, g.Read(s.Inputs[2])) : y;
    }

    private static string LinearColumns(GraphContext g, GraphStep s, string weight, string x)
    {
        bool hasBias = s.Note.Flag("bias"), hasResidual = s.Note.Flag("residual");
        string y = hasBias
            ? g.Node("Gemm", weight, x, g.Node("Unsqueeze", g.Read(s.Inputs[2]), g.Nodes.Ints(1)))
            : g.Node("MatMul", weight, x);
        y = hasResidual ? g.Node("Add", y, g.Read(s.Inputs[hasBias ? 3 : 2])) : y;
        return s.Note.Flag("relu") ? g.Node("Relu", y) : y;
    }

    // The first columns of the weight and the first rows of x, of which the others may not exist yet.
    private static string LinearColumnsPart(GraphContext g, GraphStep s)
    {
        int seen = s.Note.Int("seen");
        GraphTensor x = s.Inputs[1];
        string bias = g.Node("Unsqueeze", g.Read(s.Inputs[2]), g.Nodes.Ints(1));
        string y;
        if (seen == 0)
        {
            y = g.Expand(bias, s.Result.Shape);
        }
        else
        {
            var first = x with { Shape = [new Extent(seen, seen), x.Shape[1]] };
            y = g.Node("Gemm", g.Slice(g.Read(s.Inputs[0]), 1, 0, seen), g.Read(first), bias);
        }

        y = s.Note.Flag("residual") ? g.Node("Add", y, g.Read(s.Inputs[3])) : y;
        return s.Note.Flag("relu") ? g.Node("Relu", y) : y;
    }

    // Row by row: each is what is left of b after the rows before it, divided by the diagonal. A node or six for each row, which suits the few of a flow.
    private static string SolveTriangular(GraphContext g, GraphStep s)
    {
        bool transposes = s.Note.Flag("transpose"), fromEnd = s.Note.Flag("upper") != transposes;
        GraphTensor triangle = s.Inputs[0];
        string t = Turned(g, triangle, transposes), b = g.Read(s.Inputs[1]);
        if (triangle.Shape[^1] is not { IsFixed: true, Short: var n })
        {
            throw new OnnxException("SolveTriangular: a triangle as large as the batch cannot be written out.");
        }

        string? known = n == 0 ? g.Node("Identity", b) : null;
        for (long k = 0; k < n; k++)
        {
            long row = fromEnd ? n - 1 - k : k, from = fromEnd ? row + 1 : 0;
            string coefficients = g.Slice(t, triangle.Rank - 2, row, row + 1), rest = g.Slice(b, s.Inputs[1].Rank - 2, row, row + 1);
            if (known is not null)
            {
                rest = g.Node("Sub", rest, g.Node("MatMul", g.Slice(coefficients, triangle.Rank - 1, from, from + k), known));
            }

            string x = g.Node("Div", rest, g.Slice(coefficients, triangle.Rank - 1, row, row + 1));
            known = known is null ? x : g.Node("Concat", fromEnd ? [x, known] : [known, x], ("axis", s.Result.Rank - 2));
        }

        return known!;
    }

    // Entries that do not exist are never read by the engine, and may hold anything.
    private static string Weight(GraphContext g, GraphTensor weight, Staircase? staircase) => Masked(g, g.Read(weight), staircase, weight.DType);

    private static string Masked(GraphContext g, string weight, Staircase? staircase, DType dtype)
    {
        if (staircase is null)
        {
            return weight;
        }

        bool[] exists = new bool[staircase.Rows * staircase.Columns];
        for (int row = 0; row < staircase.Rows; row++)
        {
            exists.AsSpan(row * staircase.Columns, staircase.Lengths[row]).Fill(value: true);
        }

        return g.Node("Where", g.Nodes.Mask(exists, staircase.Rows, staircase.Columns), weight, g.Number(0, dtype));
    }
}
