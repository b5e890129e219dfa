using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static int[][][] Squares => [[[3, 4]], [[1, 5]], [[33, 17]], [[0, 3]], [[40, 2]]];

    private static IEnumerable<OpCase> Layouts =>
    [
        Row("Reshape", x => Tensor.Square(x[0].Reshape(-1, 2)), x => new NaiveArray([x[0].Values.Length / 2, 2], [.. x[0].Values.Select(v => v * v)]), [[4, 3]], [[0, 2]], [[2]])
            with { Misfit = null },
        Row("Reshape:misfit", x => x[0].Reshape(new Shape(3, 2)), x => new NaiveArray([3, 2], x[0].Values), [[6]]) with { Misfit = [[2, 2], [3, 2]] },
        Row("BroadcastTo", x => x[0].BroadcastTo(new Shape(2, 3, 4)), x => NaiveArray.Of([2, 3, 4], i => x[0].At(i)), [[4]], [[3, 1]], [[2, 1, 4]], [[]], [[1]], [[1, 3, 4]], [[1, 3, 1]], [[2, 1, 1]], [[2, 3, 4]])
            with { Misfit = [[3], [2, 3, 4]] },
        Row("SumTo", x => x[0].SumTo(new Shape(3, 1)), x => x[0].Reduce([0, 2], keepAxes: true, v => v.Sum()).As(3, 1), [[2, 3, 4]], [[1, 3, 1]], [[0, 3, 2]]) with { Misfit = [[2, 4], [3, 1]] },
        Row("Transpose", x => x[0].Transpose(), x => NaiveArray.Of([.. x[0].Lengths.Reverse()], i => x[0].At([.. i.Reverse()])), [.. Squares, [[2, 3, 4]], [[5]], [[]]]),
        Row("Transpose:1 2 0", x => x[0].Transpose(1, -1, 0), x => NaiveArray.Of([x[0].Lengths[1], x[0].Lengths[2], x[0].Lengths[0]], i => x[0].At(i[2], i[0], i[1])), Boxes),
        Row("Transpose:1 0 2", x => x[0].Transpose(1, 0, 2), x => NaiveArray.Of([x[0].Lengths[1], x[0].Lengths[0], x[0].Lengths[2]], i => x[0].At(i[1], i[0], i[2])), [.. Boxes, [[2, 0, 3]]]),
        Row("MatrixTranspose", x => x[0].MatrixTranspose(), x => NaiveArray.Of([x[0].Lengths[0], x[0].Lengths[2], x[0].Lengths[1]], i => x[0].At(i[0], i[2], i[1])), Boxes),
        Row("Slice", x => x[0].Slice(1, 1, 2), x => Picked(x[0], 1, 1, 2), [[2, 3, 4]], [[2, 5]], [[1, 3, 1]]),
        Row("Slice:step", x => x[0].Slice(0, 1, step: 3), x => Picked(x[0], 0, [.. Enumerable.Range(0, x[0].Lengths[0]).Where(i => i % 3 == 1)]), [[7]], [[8, 2]], [[2, 3]], [[3]]),
        Row("Slice:backwards", x => x[0].Slice(0, -2, step: -2), x => Picked(x[0], 0, [.. Enumerable.Range(0, x[0].Lengths[0] - 1).Reverse().Where((_, i) => i % 2 == 0)]), [[7]], [[8, 2]], [[2, 3]]),
        Row("Slice:nothing", x => x[0].Slice(0, 2, 0), x => Picked(x[0], 0), [[4, 2]], [[2]]),
        Row("At", x => x[0].At(1, -1), x => x[0].Reduce([1], keepAxes: false, v => v[^1]), Boxes),
        Row("Flip", x => x[0].Flip(1), x => x[0].Along(1, v => [.. v.Reverse()]), Boxes),
        Row("Split", x => Tensor.Concat([.. Enumerable.Reverse(x[0].Split(1, 1, 0, 2))], 1), x => Picked(x[0], 1, 1, 2, 0), [[2, 3, 4]], [[1, 3]]),
        Row("Split:misfit", x => x[0].Split(0, 2, 3)[1], x => Picked(x[0], 0, 2, 3, 4), [[5]]) with { Misfit = [[4], [2, 3]] },
        Row("Concat", x => Tensor.Concat(x, 1), x => Joined(1, x), [[2, 3], [2, 1], [2, 4]], [[1, 1, 5], [1, 2, 5]], [[3, 2]], [[2, 0], [2, 2]]) with { Misfit = [[2, 3], [3, 3]] },
        Row("Concat:first", x => Tensor.Concat(x), x => Joined(0, x), [[2, 3], [1, 3]], [[4], [3]], [[0], [1]]),
        Row("Stack", x => Tensor.Stack(x, -1), x => NaiveArray.Of([.. x[0].Lengths, x.Length], i => x[i[^1]].At(i[..^1])), [[2, 3], [2, 3]], [[4], [4], [4]], [[], []], [[0], [0]])
            with { Misfit = [[2, 3], [3, 2]] },
        Row("ExpandAxis", x => x[0].ExpandAxis(1), x => new NaiveArray([x[0].Lengths[0], 1, .. x[0].Lengths[1..]], x[0].Values), [[2, 3]], [[4]]),
        Row("DropAxis", x => x[0].DropAxis(1), x => new NaiveArray([x[0].Lengths[0], .. x[0].Lengths[2..]], x[0].Values), [[2, 1, 3]], [[4, 1]]),
    ];

    private static NaiveArray Picked(NaiveArray x, int axis, params int[] positions) => x.Along(axis, v => [.. positions.Select(p => v[p])]);

    private static NaiveArray Joined(int axis, NaiveArray[] parts)
    {
        (NaiveArray Part, int Position)[] places = [.. parts.SelectMany(p => Enumerable.Range(0, p.Lengths[axis]).Select(i => (p, i)))];
        return NaiveArray.Of(
            NaiveArray.Replace(parts[0].Lengths, axis, places.Length),
            i => places[i[axis]].Part.At(NaiveArray.Replace(i, axis, places[i[axis]].Position)));
    }
}
