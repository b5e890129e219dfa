using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static int[][][] SquareShapes => [[[1, 1]], [[2, 2]], [[3, 3]], [[2, 4, 4]], [[0, 3, 3]], [[2, 1, 3, 3]]];

    // Rows are turned by one place, so that every column needs a pivot from below; a diagonal of 3 keeps the matrices well conditioned.
    private static IEnumerable<OpCase> LinearAlgebra =>
    [
        General("Solve", transpose: false),
        General("Solve:transposed", transpose: true),
        Row("Solve:every size", x => Tensor.Solve(Turning(x[0]), x[1]), x => Eliminated(Turning(x[0]), x[1]),
            [.. Enumerable.Range(1, 40).Select(n => new int[][] { [n, n], [n, 41 - n] })]) with { GradientShapes = [], Tolerance = 4e-14 },
        Row("Inverse", x => Tensor.Inverse(Turning(x[0])), x => Eliminated(Turning(x[0]), Identity(x[0])), SquareShapes) with { Misfit = [[2, 3]], Tolerance = 2e-14 },
        Row("Determinant", x => Tensor.Determinant(0.5 * Turning(x[0])), x => Minors(NaiveArray.From(0.5 * Turning(x[0].ToTensor()))), SquareShapes)
            with { Misfit = [[2, 3]], Tolerance = 2e-14 },
        Row("LogDeterminant", x => Tensor.LogDeterminant(Turning(x[0])).LogAbs, x => NaiveArray.Broadcast(v => Math.Log(Math.Abs(v[0])), Minors(Turning(x[0]))), SquareShapes)
            with { Misfit = [[2, 3]], Tolerance = 2e-14 },
        Row("LogDeterminant:sign", x => Tensor.LogDeterminant(x[0]).Sign, x => NaiveArray.Broadcast(v => Math.Sign(v[0]), Minors(x[0])), SquareShapes),
    ];

    private static OpCase General(string name, bool transpose) =>
        Row(
            name, x => Tensor.Solve(Turning(x[0]), x[1], transpose), x => Eliminated(transpose ? Turned(Turning(x[0])) : Turning(x[0]), x[1]),
            [[1, 1], [1, 1]], [[3, 3], [3, 2]], [[2, 3, 3], [2, 3, 1]], [[4, 4], [2, 4, 2]], [[2, 3, 3], [3, 2]], [[2, 1, 3, 3], [4, 3, 1]], [[3, 3], [0, 3, 2]], [[9, 9], [9, 3]])
            with
        { Misfit = [[3, 3], [4, 2]], Tolerance = 2e-14 };

    private static Tensor Turning(Tensor x)
    {
        int n = x.Shape[-1];
        Tensor steady = (0.25 * x) + (3 * Tensor.Eye(n, x.DType));
        return n < 2 ? steady : Tensor.Concat([steady.Slice(-2, 1), steady.Slice(-2, 0, 1)], axis: -2);
    }

    private static NaiveArray Turning(NaiveArray x) => NaiveArray.From(Turning(x.ToTensor()));

    private static NaiveArray Identity(NaiveArray x) => NaiveArray.Of(x.Lengths, i => i[^1] == i[^2] ? 1 : 0);

    // By cofactors along the first row.
    private static NaiveArray Minors(NaiveArray a)
    {
        double Of(int[] outer, int row, int[] columns) => columns.Length == 0 ? 1 : columns
            .Select((column, k) => (k % 2 == 0 ? 1 : -1) * a.At([.. outer, row, column]) * Of(outer, row + 1, [.. columns.Where(c => c != column)])).Sum();
        return NaiveArray.Of(a.Lengths[..^2], outer => Of(outer, 0, [.. Enumerable.Range(0, a.Lengths[^1])]));
    }

    // Gauss and Jordan, with the largest pivot of each column.
    private static NaiveArray Eliminated(NaiveArray a, NaiveArray b)
    {
        int n = a.Lengths[^1];
        NaiveArray shape = Product(a, b);
        double[][] Solution(int[] outer)
        {
            int m = b.Lengths[^1];
            double[][] rows = [.. Enumerable.Range(0, n).Select(i =>
                Enumerable.Range(0, n + m).Select(j => j < n ? a.At([.. outer, i, j]) : b.At([.. outer, i, j - n])).ToArray())];
            for (int k = 0; k < n; k++)
            {
                int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(rows[i][k]));
                (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
                rows[k] = [.. rows[k].Select(v => v / rows[k][k])];
                for (int i = 0; i < n; i++)
                {
                    rows[i] = i == k ? rows[i] : [.. rows[i].Zip(rows[k], (v, w) => v - (rows[i][k] * w))];
                }
            }

            return [.. rows.Select(r => r[n..])];
        }

        var solved = new Dictionary<string, double[][]>(StringComparer.Ordinal);
        return NaiveArray.Of(shape.Lengths, i =>
        {
            string key = string.Join(',', i[..^2]);
            if (!solved.TryGetValue(key, out double[][]? solution))
            {
                solution = solved[key] = Solution(i[..^2]);
            }

            return solution[i[^2]][i[^1]];
        });
    }
}
