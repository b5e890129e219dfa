using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Pools =>
    [
        .. Pool("AveragePool", Tensor.AveragePool, v => v.Average()),
        .. Pool("MaxPool", Tensor.MaxPool, v => v.Max()),
    ];

    private static IEnumerable<OpCase> Pool(string name, Func<Tensor, IReadOnlyList<int>, WindowOptions?, Tensor> run, Func<double[], double> reference)
    {
        OpCase Case(string what, int[] lengths, WindowOptions? window, params int[][][] shapes) =>
            Row(name + what, x => run(x[0], lengths, window), x => Pooled(x[0], lengths, window ?? new WindowOptions { Stride = lengths }, reference), shapes) with { Tolerance = 1e-14 };

        yield return Case("", [2], null, [[2, 3, 7]], [[1, 2, 4, 5]], [[1, 1, 2, 4, 3]], [[0, 2, 4]]) with { Misfit = [[2, 3, 1]] };
        yield return Case(":uneven", [2, 3], null, [[2, 2, 5, 7]]);
        yield return Case(":overlapping", [3, 2], Rimmed with { Stride = [1, 2] }, [[2, 2, 5, 6]]);
        yield return Case(":torus", [2, 3], SkewedTorus, [[2, 2, 5, 6]]);
        yield return Case(":dilated", [2], new WindowOptions { Stride = [1], Dilation = [3] }, [[2, 2, 8]]);
    }

    private static NaiveArray Pooled(NaiveArray x, int[] lengths, WindowOptions w, Func<double[], double> reference)
    {
        int[] grid = x.Lengths[2..], window = [.. grid.Select((_, a) => Of(lengths, a))];
        return NaiveArray.Of([x.Lengths[0], x.Lengths[1], .. PlacesOf(grid, window, w)], y =>
        {
            List<double> seen = [];
            NaiveArray.Of(window, j =>
            {
                int[] at = [.. grid.Select((n, a) => Position(w, a, y[a + 2], j[a], n))];
                if (!at.Contains(-1))
                {
                    seen.Add(x.At([y[0], y[1], .. at]));
                }

                return 0;
            });
            return reference([.. seen]);
        });
    }
}
