using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    // Out of order, repeated, and none in segment 2.
    private static readonly int[] Groups = [3, 0, 3, 1, 0, 3, 1];

    // Where an empty segment's result is infinite, differences can only be taken of the others.
    private static readonly int[] Filled = [0, 1, 3];

    private static IEnumerable<OpCase> Segmented =>
    [
        Segment("SegmentSum", x => Tensor.SegmentSum(x, Groups, 4), v => v.Sum()),
        Segment("SegmentMean", x => Tensor.SegmentMean(x, Groups, 4), v => v.Length == 0 ? 0 : v.Average()),
        Segment("SegmentMax", x => Tensor.SegmentMax(x, Groups, 4), v => v.Append(-Inf).Max()) with { GradientShapes = [] },
        Segment("SegmentMax:filled", x => Tensor.SegmentMax(x, Groups, 4).IndexSelect(0, Filled), x => Picked(ByGroup(x, v => v.Append(-Inf).Max()), 0, Filled)),
        Segment("SegmentMin", x => Tensor.SegmentMin(x, Groups, 4), v => v.Append(Inf).Min()) with { GradientShapes = [] },
        Segment("SegmentMin:filled", x => Tensor.SegmentMin(x, Groups, 4).IndexSelect(0, Filled), x => Picked(ByGroup(x, v => v.Append(Inf).Min()), 0, Filled)),
        Segment("SegmentLogSumExp", x => Tensor.SegmentLogSumExp(x, Groups, 4), v => Math.Log(v.Sum(Math.Exp))) with { GradientShapes = [] },
        Segment("SegmentLogSumExp:filled", x => Tensor.SegmentLogSumExp(x, Groups, 4).IndexSelect(0, Filled), x => Picked(ByGroup(x, v => Math.Log(v.Sum(Math.Exp))), 0, Filled)),
        Segment("SegmentSoftmax", x => Tensor.SegmentSoftmax(x, Groups, 4), x => NaiveArray.Of(x.Lengths, i => Math.Exp(x.At(i)) / Rows(x, Groups[i[0]], i).Sum(Math.Exp))),
        Row("SegmentSum:no rows", x => Tensor.SegmentSum(x[0], Array.Empty<int>(), 2), x => NaiveArray.Of([2, 3], _ => 0), [[0, 3]]),
        Row("SegmentSoftmax:no rows", x => Tensor.SegmentSoftmax(x[0], Array.Empty<int>(), 2), x => x[0], [[0, 3]]),
        Row("SegmentSum:one segment", x => Tensor.SegmentSum(x[0], new[] { 0, 0, 0 }, 1), x => x[0].Reduce([0], keepAxes: true, v => v.Sum()), [[3, 2, 2]]),
    ];

    private static OpCase Segment(string name, Func<Tensor, Tensor> run, Func<double[], double> reference) => Segment(name, run, x => ByGroup(x, reference));

    private static NaiveArray ByGroup(NaiveArray x, Func<double[], double> reference) =>
        NaiveArray.Of(NaiveArray.Replace(x.Lengths, 0, 4), i => reference(Rows(x, i[0], i)));

    private static OpCase Segment(string name, Func<Tensor, Tensor> run, Func<NaiveArray, NaiveArray> reference) =>
        new(
            name, x => run(x[0]), x => reference(x[0]),
            [[[7]], [[7, 1]], [[7, 3]], [[7, 4]], [[7, 5]], [[7, 8]], [[7, 16]], [[7, 17]], [[7, 35]], [[7, 2, 3]], [[7, 0]]])
        {
            GradientShapes = [[[7]], [[7, 3]], [[7, 5]], [[7, 17]], [[7, 2, 3]]],
            Misfit = [[6, 2]],
            Tolerance = 1e-14,
        };

    private static double[] Rows(NaiveArray x, int segment, int[] index) =>
        [.. Enumerable.Range(0, x.Lengths[0]).Where(i => Groups[i] == segment).Select(i => x.At(NaiveArray.Replace(index, 0, i)))];
}
