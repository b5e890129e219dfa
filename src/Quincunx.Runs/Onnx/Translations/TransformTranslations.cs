using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>The elementwise transforms of flows, which the engine computes in one operation: images in the first rows, the log-determinant in the last.</summary>
internal static class TransformTranslations
{
    public static void AddTo(IDictionary<string, Translation> table)
    {
        table["AffineTransform"] = (g, s) => Affine(g, s, inverse: false);
        table["AffineTransformInverse"] = (g, s) => Affine(g, s, inverse: true);
        table["RationalQuadraticSpline"] = (g, s) => new SplineTranslation(g, s).Write(inverse: false);
        table["RationalQuadraticSplineInverse"] = (g, s) => new SplineTranslation(g, s).Write(inverse: true);
    }

    /// <summary>Images over the sums of the logarithms of their slopes.</summary>
    public static string WithSum(GraphContext g, string images, string logs) =>
        g.Node("Concat", [images, ReductionTranslations.Reduce(g, "ReduceSum", logs, 0)], ("axis", 0));

    private static string Affine(GraphContext g, GraphStep s, bool inverse)
    {
        double largest = s.Note.Number("largest");
        GraphTensor raw = s.Inputs[1];
        Extent d = s.Inputs[0].Shape[0], n = raw.Shape[1];
        string x = g.Read(s.Inputs[0]), pairs = g.Reshape(g.Read(raw), raw.Shape, [d, new Extent(2, 2), n]), limit = g.Number(largest, s.DType);
        string shift = g.Node("Gather", [pairs, g.Nodes.Int(0)], ("axis", 1)), free = g.Node("Gather", [pairs, g.Nodes.Int(1)], ("axis", 1));
        string log = g.Node("Mul", g.Node("Tanh", g.Node("Div", free, limit)), limit);
        string image = inverse
            ? g.Node("Mul", g.Node("Sub", x, shift), g.Node("Exp", g.Node("Neg", log)))
            : g.Node("Add", g.Node("Mul", x, g.Node("Exp", log)), shift);
        return WithSum(g, image, log);
    }
}
