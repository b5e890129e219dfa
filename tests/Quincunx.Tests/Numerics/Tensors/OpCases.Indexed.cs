using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static readonly Indices Places = Indices.From([2, 0, 1, 1, 0, 2, 2, 1], new Shape(2, 1, 4));

    private static IEnumerable<OpCase> Indexed =>
    [
        Row("IndexSelect", x => x[0].IndexSelect(1, new[] { 2, 0, 2, 1 }), x => Picked(x[0], 1, 2, 0, 2, 1), [[2, 3, 4]], [[1, 3]], [[2, 4, 1]]),
        Row("IndexSelect:rows", x => x[0].IndexSelect(0, new[] { 1, 1, 0 }), x => Picked(x[0], 0, 1, 1, 0), [[2]], [[3, 5]], [[2, 0]]),
        Row("IndexSelect:none", x => x[0].IndexSelect(0, Array.Empty<int>()), x => Picked(x[0], 0), [[2, 3]]),
        Row("IndexAdd", x => x[0].IndexAdd(1, new[] { 2, 0, 2 }, x[1]), x => Added(x[0], 1, x[1], i => new[] { 2, 0, 2 }[i[1]]), [[2, 3, 4], [2, 3, 4]], [[1, 3], [1, 3]])
            with { Misfit = [[2, 3], [2, 4]] },
        Row("Gather", x => x[0].Gather(1, Places), x => NaiveArray.Of([2, 1, 4], i => x[0].At(i[0], Place(i), i[2])), [[2, 3, 4]], [[2, 5, 4]]) with { Misfit = [[2, 3, 5], [2, 1, 4]] },
        Row("ScatterAdd", x => x[0].ScatterAdd(1, Places, x[1]), x => Added(x[0], 1, x[1], Place), [[2, 3, 4], [2, 1, 4]]) with { Misfit = [[2, 3, 5], [2, 1, 4]] },
        Row("ScatterAdd:repeated", x => x[0].ScatterAdd(0, new[] { 1, 1, 0, 1 }, x[1]), x => Added(x[0], 0, x[1], i => new[] { 1, 1, 0, 1 }[i[0]]), [[2], [4]]),
        Row("CumulativeSum", x => x[0].CumulativeSum(-1), x => x[0].Along(-1, Running), [.. Lanes, .. Boxes, .. EmptyBoxes]) with { GradientShapes = Boxes, Tolerance = 2e-14 },
        Row("CumulativeSum:middle", x => x[0].CumulativeSum(1), x => x[0].Along(1, Running), Boxes),
        Row("CumulativeSum:reverse", x => x[0].CumulativeSum(1, reverse: true), x => x[0].Along(1, v => [.. Running([.. v.Reverse()]).Reverse()]), [.. Boxes, [[2, 9]]]),
        Row("Sort", x => x[0].Sort(-1).Values, x => x[0].Along(-1, v => [.. v.Order()]), [.. Lanes, .. Boxes]) with { GradientShapes = Boxes },
        Row("Sort:descending", x => x[0].Sort(1, descending: true).Values, x => x[0].Along(1, v => [.. v.OrderDescending()]), Boxes),
    ];

    private static int Place(int[] i) => Places[(i[0] * 4) + i[2]];

    private static NaiveArray Added(NaiveArray x, int axis, NaiveArray source, Func<int[], int> place)
    {
        double[] values = [.. x.Values];
        NaiveArray positions = NaiveArray.Of(x.Lengths, i => i.Zip(x.Lengths).Aggregate(0, (at, p) => (at * p.Second) + p.First));
        NaiveArray.Of(source.Lengths, i => values[(int)positions.At(NaiveArray.Replace(i, axis, place(i)))] += source.At(i));
        return new NaiveArray(x.Lengths, values);
    }

    private static double[] Running(double[] v)
    {
        double sum = 0;
        return [.. v.Select(x => sum += x)];
    }
}
