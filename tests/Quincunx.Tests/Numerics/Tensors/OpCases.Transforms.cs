using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Numerics.Kernels;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    // Operations on examples that are columns: widths below, at and beside those of registers. Points lie on both sides of the spline's bound;
    // its raw parameters are moderate, since steep bins multiply the roundings of float32.
    private static IEnumerable<OpCase> Transforms =>
    [
        Row("RationalQuadraticSpline", x => Tensor.RationalQuadraticSpline(x[0], x[1], 3, 1.5),
            x => new NaiveArray([x[0].Lengths[0] + 1, x[0].Lengths[1]], SplineReference.Columns(x[0].Values, x[1].Values, x[0].Lengths[1], 3, 1.5)),
            [[2, 4], [16, 4]], [[1, 1], [8, 1]], [[3, 7], [24, 7]], [[1, 8], [8, 8]], [[2, 17], [16, 17]], [[2, 0], [16, 0]], [[0, 3], [0, 3]])
            with { Ranges = [(-2, 2), (-1.5, 1.5)], Misfit = [[2, 4], [15, 4]], Tolerance = 1e-13 },
        Row("RationalQuadraticSplineInverse", SplinedThereAndBack, x => x[0], [[2, 4], [16, 4]], [[1, 1], [8, 1]], [[3, 7], [24, 7]], [[2, 33], [16, 33]])
            with { Ranges = [(-2, 2), (-1, 1)], GradientShapes = [], Misfit = [[2, 4], [15, 4]], Tolerance = 1e-13 },
        Row("AffineTransform", x => Tensor.AffineTransform(x[0], x[1], 1.5), x => Affine(x, (v, t, s) => (v * Math.Exp(s)) + t),
            [[2, 4], [4, 4]], [[1, 1], [2, 1]], [[3, 7], [6, 7]], [[1, 8], [2, 8]], [[2, 17], [4, 17]], [[2, 0], [4, 0]], [[0, 3], [0, 3]])
            with { Misfit = [[2, 4], [2, 4]] },
        Row("AffineTransformInverse", x => Tensor.AffineTransformInverse(x[0], x[1], 1.5), x => Affine(x, (v, t, s) => (v - t) * Math.Exp(-s)),
            [[2, 4], [4, 4]], [[1, 1], [2, 1]], [[3, 7], [6, 7]], [[2, 17], [4, 17]], [[2, 0], [4, 0]])
            with { Misfit = [[2, 4], [2, 4]] },
    ];

    private static Tensor SplinedThereAndBack(Tensor[] x)
    {
        int d = x[0].Shape[0];
        Tensor y = Tensor.RationalQuadraticSpline(x[0], x[1], 3, 1.5).Slice(0, 0, d);
        return Tensor.RationalQuadraticSplineInverse(y, x[1], 3, 1.5).Slice(0, 0, d);
    }

    private static NaiveArray Affine(NaiveArray[] x, Func<double, double, double, double> map)
    {
        int d = x[0].Lengths[0];
        double LogScale(int i, int j) => 1.5 * Math.Tanh(x[1].At((2 * i) + 1, j) / 1.5);
        return NaiveArray.Of(
            [d + 1, x[0].Lengths[1]],
            at => at[0] < d
                ? map(x[0].At(at), x[1].At(2 * at[0], at[1]), LogScale(at[0], at[1]))
                : Enumerable.Range(0, d).Sum(i => LogScale(i, at[1])));
    }
}
