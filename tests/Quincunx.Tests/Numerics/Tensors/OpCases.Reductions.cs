using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static int[][][] Boxes => [[[2, 3, 4]], [[1, 1, 1]], [[3, 1, 2]], [[2, 17, 3]], [[2, 3, 33]], [[1, 140, 2]]];

    private static int[][][] EmptyBoxes => [[[0, 3, 4]], [[2, 3, 0]], [[2, 0, 4]]];

    private static int[][][] Lanes => [.. AroundVectors.Where(s => s[0].Length == 1 && s[0][0] > 0)];

    private static IEnumerable<OpCase> Reductions =>
    [
        Reduction("Sum", (x, axes, keep) => x.Sum(axes, keep), Total, onEmpty: true),
        Reduction("Mean", (x, axes, keep) => x.Mean(axes, keep), v => v.Length == 0 ? Nan : v.Average(), onEmpty: true),
        Reduction("Variance", (x, axes, keep) => x.Variance(axes, keep, correction: 0), Moment, onEmpty: true),
        Reduction("Max", (x, axes, keep) => x.Max(axes, keep), v => v.Max(), onEmpty: false),
        Reduction("Min", (x, axes, keep) => x.Min(axes, keep), v => v.Min(), onEmpty: false),
        Reduction("LogSumExp", (x, axes, keep) => x.LogSumExp(axes, keep), v => Math.Log(v.Sum(Math.Exp)), onEmpty: true),
        Row("Sum:axes 0 and 2", x => x[0].Sum([0, -1]), x => x[0].Reduce([0, 2], keepAxes: false, Total), [.. Boxes, .. EmptyBoxes]),
        Row("Sum:no axes", x => x[0].Sum([]), x => x[0], [.. Boxes, .. EmptyBoxes]),
        Row("Sum:one", x => x[0].Sum(1, keepAxes: true), x => x[0].Reduce([1], keepAxes: true, Total), [.. Boxes, .. EmptyBoxes]),
        Row("Mean:one", x => x[0].Mean(-1), x => x[0].Reduce([2], keepAxes: false, v => v.Average()), Boxes),
        Row("Variance:unbiased", x => x[0].Variance(1), x => x[0].Reduce([1], keepAxes: false, v => Moment(v) * v.Length / (v.Length - 1)), [[2, 3, 4]], [[1, 2, 1]]),
        Row("Max:axes 0 and 2", x => x[0].Max([2, 0], keepAxes: true), x => x[0].Reduce([0, 2], keepAxes: true, v => v.Max()), Boxes),
        Row("Max:one", x => x[0].Max(1), x => x[0].Reduce([1], keepAxes: false, v => v.Max()), [.. Boxes, [[0, 3, 4]]]),
        Row("Min:one", x => x[0].Min(0), x => x[0].Reduce([0], keepAxes: false, v => v.Min()), Boxes),
        Row("LogSumExp:one", x => x[0].LogSumExp(1), x => x[0].Reduce([1], keepAxes: false, v => Math.Log(v.Sum(Math.Exp))), [.. Boxes, .. EmptyBoxes]),
        Row("LogSumExp:axes 0 and 2", x => x[0].LogSumExp([0, 2]), x => x[0].Reduce([0, 2], keepAxes: false, v => Math.Log(v.Sum(Math.Exp))), Boxes),
        Row("Softmax", x => Tensor.Softmax(x[0]), x => x[0].Along(-1, Softened), [.. Lanes, .. Boxes]) with { GradientShapes = Boxes },
        Row("Softmax:middle", x => Tensor.Softmax(x[0], 1), x => x[0].Along(1, Softened), Boxes),
        Row("LogSoftmax", x => Tensor.LogSoftmax(x[0]), x => x[0].Along(-1, v => [.. Softened(v).Select(p => Math.Log(p))]), [.. Lanes, .. Boxes]) with { GradientShapes = Boxes },
        Row("LogSoftmax:middle", x => Tensor.LogSoftmax(x[0], 1), x => x[0].Along(1, v => [.. Softened(v).Select(p => Math.Log(p))]), Boxes),
    ];

    // Over all axes of vectors of every length, and of boxes.
    private static OpCase Reduction(string name, Func<Tensor, int[]?, bool, Tensor> run, Func<double[], double> reference, bool onEmpty) =>
        new(
            name,
            x => run(x[0], null, false),
            x => x[0].Reduce([.. Enumerable.Range(0, x[0].Rank)], keepAxes: false, reference),
            [.. EveryLength.Where(s => onEmpty || !s[0].Contains(0)), [[200]]])
        {
            GradientShapes = [.. AroundVectors.Where(s => !s[0].Contains(0))],
            Tolerance = 2e-14,
        };

    // With what each addition drops kept aside (A. Neumaier 1974, Z. Angew. Math. Mech. 54, 39): a plain sum of 140 numbers is off by more than the tolerance.
    private static double Total(double[] v)
    {
        double sum = 0, dropped = 0;
        foreach (double x in v)
        {
            double next = sum + x;
            dropped += Math.Abs(sum) >= Math.Abs(x) ? (sum - next) + x : (x - next) + sum;
            sum = next;
        }

        return sum + dropped;
    }

    private static double Moment(double[] v)
    {
        double mean = v.Length == 0 ? Nan : v.Average();
        return v.Length == 0 ? Nan : v.Average(x => (x - mean) * (x - mean));
    }

    private static double[] Softened(double[] v)
    {
        double sum = v.Sum(Math.Exp);
        return [.. v.Select(x => Math.Exp(x) / sum)];
    }
}
