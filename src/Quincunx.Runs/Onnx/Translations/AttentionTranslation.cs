using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Scaled dot-product attention in heads, masked or not (Vaswani et al. 2017, arXiv:1706.03762).</summary>
internal static class AttentionTranslation
{
    // A finite score for keys that are hidden, so that a query that sees none has a softmax, which is then taken away.
    private const double HiddenScore = -1e30;

    public static void AddTo(IDictionary<string, Translation> table) => table["Attention"] = Attention;

    private static string Attention(GraphContext g, GraphStep s)
    {
        bool interleaved = s.Note.Flag("interleaved"), hasBias = s.Note.Flag("bias"), hasMask = s.Note.Flag("mask");
        var heads = new Extent(s.Note.Int("heads"), s.Note.Int("heads"));
        string q = Heads(s.Inputs[0]), k = Heads(s.Inputs[1]), v = Heads(s.Inputs[2]);
        string scores = g.Node("Mul", g.Node("MatMul", q, g.Transpose(k, 0, 1, 3, 2)), g.Number(s.Note.Number("scale"), s.DType));
        scores = hasBias ? g.Node("Add", scores, g.Read(s.Inputs[3])) : scores;
        string shares;
        if (!hasBias && !hasMask)
        {
            shares = g.Node("Softmax", [scores], ("axis", 3));
        }
        else
        {
            string seen = g.Node("Not", g.Node("Equal", scores, g.Number(double.NegativeInfinity, s.DType)));
            seen = hasMask ? g.Node("And", seen, g.Truth(g.Read(s.Inputs[hasBias ? 4 : 3]), s.DType)) : seen;
            string visible = g.Node("Softmax", [g.Node("Where", seen, scores, g.Number(HiddenScore, s.DType))], ("axis", 3));
            shares = g.Node("Where", seen, visible, g.Number(0, s.DType));
        }

        string y = g.Node("MatMul", shares, v);
        if (!interleaved)
        {
            return y;
        }

        Extent width = s.Result.Shape[2].DividedBy(heads)!.Value;
        return g.Reshape(g.Transpose(y, 0, 2, 1, 3), [s.Result.Shape[0], s.Result.Shape[1], heads, width], s.Result.Shape);

        string Heads(GraphTensor x)
        {
            if (!interleaved)
            {
                return g.Read(x);
            }

            return g.Transpose(g.Reshape(g.Read(x), x.Shape, [x.Shape[0], x.Shape[1], heads, x.Shape[2].DividedBy(heads)!.Value]), 0, 2, 1, 3);
        }
    }
}
