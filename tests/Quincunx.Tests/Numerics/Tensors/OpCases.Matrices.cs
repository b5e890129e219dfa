using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Matrices =>
    [
        Row("MatMul", x => Tensor.MatMul(x[0], x[1]), x => Product(x[0], x[1]),
            [[3, 4], [4, 2]], [[1, 1], [1, 1]], [[2, 3, 4], [4, 5]], [[2, 3, 4], [2, 4, 5]], [[2, 1, 3, 4], [5, 4, 2]], [[3, 4], [2, 4, 5]], [[0, 3], [3, 2]], [[3, 0], [0, 2]], [[0, 3, 2], [2, 4]])
            with { Misfit = [[3, 4], [3, 2]], Tolerance = 2e-14 },
        Row("MatMul:misfit batches", x => Tensor.MatMul(x[0], x[1]), x => Product(x[0], x[1]), [[2, 3, 3], [1, 3, 3]]) with { Misfit = [[2, 3, 3], [4, 3, 3]] },
        Row("MatMul:every width", x => Tensor.MatMul(x[0], x[1]), x => Product(x[0], x[1]), [.. Enumerable.Range(1, 40).Select(n => new int[][] { [n, 7], [7, 41 - n] })])
            with { GradientShapes = [], Tolerance = 2e-14 },
        Row("MatMul:transposed B", x => Tensor.MatMul(x[0], x[1], transposeB: true), x => Product(x[0], Turned(x[1])), [[3, 4], [2, 4]], [[2, 3, 4], [5, 4]], [[2, 3, 4], [2, 5, 4]]),
        Row("MatMul:transposed A", x => Tensor.MatMul(x[0], x[1], transposeA: true), x => Product(Turned(x[0]), x[1]), [[4, 3], [4, 2]], [[2, 4, 3], [4, 5]], [[2, 4, 3], [2, 4, 5]]),
        Row("MatMul:both transposed", x => Tensor.MatMul(x[0], x[1], true, transposeB: true), x => Product(Turned(x[0]), Turned(x[1])), [[4, 3], [2, 4]], [[2, 4, 3], [5, 4]]),
        Row("Linear", x => Tensor.Linear(x[0], x[1], x[2]), x => NaiveArray.Broadcast(v => v[0] + v[1], Product(x[0], Turned(x[1])), x[2]),
            [[3, 4], [2, 4], [2]], [[2, 3, 4], [5, 4], [5]], [[1, 1], [1, 1], [1]], [[0, 4], [2, 4], [2]], [[3, 0], [2, 0], [2]], [[17, 33], [9, 33], [9]]) with { Misfit = [[3, 4], [2, 3], [2]] },
        Row("Linear:no bias", x => Tensor.Linear(x[0], x[1], null), x => Product(x[0], Turned(x[1])), [[3, 4], [2, 4]], [[2, 3, 4], [5, 4]]) with { Misfit = [[3, 4], [2, 3]] },
        Row("LinearColumns", x => Tensor.LinearColumns(x[0], x[1]), x => Product(x[0], x[1]), [[3, 4], [4, 2]], [[1, 1], [1, 1]], [[0, 3], [3, 2]], [[3, 0], [0, 2]], [[3, 2], [2, 0]], [[17, 33], [33, 19]])
            with { Misfit = [[3, 4], [3, 2]], Tolerance = 2e-14 },
        Row("LinearColumns:bias", x => Tensor.LinearColumns(x[0], x[1], x[2]), x => Columns(x, null, relu: false), [[3, 4], [4, 2], [3]], [[7, 5], [5, 40], [7]], [[3, 0], [0, 2], [3]]),
        Row("LinearColumns:residual", x => Tensor.LinearColumns(x[0], x[1], residual: x[2]), x => Columns(x, null, relu: false), [[3, 4], [4, 2], [3, 2]], [[7, 5], [5, 40], [7, 40]]),
        Row("LinearColumns:all", x => Tensor.LinearColumns(x[0], x[1], x[2], x[3], relu: true), x => Columns(x, null, relu: true), [[3, 4], [4, 2], [3], [3, 2]], [[14, 5], [5, 17], [14], [14, 17]]),
        Row("LinearColumns:even stairs", x => Tensor.LinearColumns(x[0], x[1], x[2], x[3], relu: true, Even), x => Columns(x, Even, relu: true), [[16, 9], [9, 5], [16], [16, 5]], [[16, 9], [9, 18], [16], [16, 18]]),
        Row("LinearColumns:every stair", x => Tensor.LinearColumns(x[0], x[1], x[2], relu: true, staircase: Every), x => Columns(x, Every, relu: true), [[16, 9], [9, 5], [16]]),
        Row("LinearColumns:uneven stairs", x => Tensor.LinearColumns(x[0], x[1], residual: x[2], staircase: Uneven), x => Columns(x, Uneven, relu: false), [[16, 9], [9, 5], [16, 5]]),
        Row("Tril", x => x[0].Tril(), x => NaiveArray.Of(x[0].Lengths, i => i[^1] <= i[^2] ? x[0].At(i) : 0), [.. Squares, .. Boxes]),
        Row("Tril:-1", x => x[0].Tril(-1), x => NaiveArray.Of(x[0].Lengths, i => i[^1] <= i[^2] - 1 ? x[0].At(i) : 0), Squares),
        Row("Triu", x => x[0].Triu(), x => NaiveArray.Of(x[0].Lengths, i => i[^1] >= i[^2] ? x[0].At(i) : 0), [.. Squares, .. Boxes]),
        Row("Triu:2", x => x[0].Triu(2), x => NaiveArray.Of(x[0].Lengths, i => i[^1] >= i[^2] + 2 ? x[0].At(i) : 0), Squares),
        Row("Diagonal", x => x[0].Diagonal(), x => NaiveArray.Of([.. x[0].Lengths[..^2], Math.Min(x[0].Lengths[^1], x[0].Lengths[^2])], i => x[0].At([.. i, i[^1]])), [.. Squares, .. Boxes]),
        Row("ToDiagonal", x => x[0].ToDiagonal(), x => NaiveArray.Of([.. x[0].Lengths, x[0].Lengths[^1]], i => i[^1] == i[^2] ? x[0].At(i[..^1]) : 0), [[3]], [[2, 4]], [[1]], [[0]]),
        Row("Trace", x => x[0].Trace(), x => NaiveArray.Of(x[0].Lengths[..^2], i => Enumerable.Range(0, x[0].Lengths[^1]).Sum(k => x[0].At([.. i, k, k]))), [[3, 3]], [[2, 4, 4]]),
        Row("Cholesky", x => Tensor.Cholesky(Positive(x[0])), x => Factored(NaiveArray.From(Positive(x[0].ToTensor()))), [[1, 1]], [[3, 3]], [[2, 4, 4]], [[0, 3, 3]], [[9, 9]]) with { Tolerance = 2e-14 },
        Solve("SolveTriangular", upper: false, transpose: false),
        Solve("SolveTriangular:transposed", upper: false, transpose: true),
        Solve("SolveTriangular:upper", upper: true, transpose: false),
        Solve("SolveTriangular:upper transposed", upper: true, transpose: true),
    ];

    // Two long runs, the first of them empty; a length for each row and back; short runs between long ones, none of full length.
    private static readonly Staircase Even = new(9, [.. Enumerable.Repeat(0, 7), .. Enumerable.Repeat(6, 9)]);
    private static readonly Staircase Every = new(9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9);
    private static readonly Staircase Uneven = new(9, 0, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 5, 7, 7, 8, 8);

    // W x, with the bias (one axis) and the residual (two) that follow.
    private static NaiveArray Columns(NaiveArray[] x, Staircase? stairs, bool relu)
    {
        NaiveArray weight = stairs is null ? x[0] : NaiveArray.Of(x[0].Lengths, i => i[1] < stairs.Lengths[i[0]] ? x[0].At(i) : 0);
        NaiveArray y = Product(weight, x[1]);
        foreach (NaiveArray more in x[2..])
        {
            NaiveArray before = y;
            y = NaiveArray.Of(y.Lengths, i => before.At(i) + (more.Lengths.Length == 1 ? more.At([i[0]]) : more.At(i)));
        }

        return relu ? NaiveArray.Of(y.Lengths, i => Math.Max(0, y.At(i))) : y;
    }

    // T times the solution is the right-hand side; the diagonal is kept away from 0.
    private static OpCase Solve(string name, bool upper, bool transpose) =>
        Row(
            name,
            x => Tensor.SolveTriangular(Steady(x[0]), x[1], upper, transpose),
            x => Solved(NaiveArray.From(upper ? Steady(x[0].ToTensor()).Triu() : Steady(x[0].ToTensor()).Tril()), x[1], transpose, upwards: upper != transpose),
            [[1, 1], [1, 1]], [[3, 3], [3, 2]], [[2, 3, 3], [2, 3, 1]], [[4, 4], [2, 4, 2]], [[2, 3, 3], [3, 2]], [[3, 3], [0, 3, 2]], [[9, 9], [9, 3]])
            with
        { Misfit = [[3, 3], [4, 2]], Tolerance = 2e-14 };

    private static Tensor Steady(Tensor x) => (0.25 * x) + (3 * Tensor.Eye(x.Shape[-1], x.DType));

    private static Tensor Positive(Tensor x) => Tensor.MatMul(x, x, transposeB: true) + (2 * Tensor.Eye(x.Shape[-1], x.DType));

    private static NaiveArray Turned(NaiveArray x) => NaiveArray.From(x.ToTensor().MatrixTranspose());

    private static NaiveArray Product(NaiveArray a, NaiveArray b)
    {
        NaiveArray outer = NaiveArray.Broadcast(_ => 0, NaiveArray.Of(a.Lengths[..^2], _ => 0), NaiveArray.Of(b.Lengths[..^2], _ => 0));
        return NaiveArray.Of(
            [.. outer.Lengths, a.Lengths[^2], b.Lengths[^1]],
            i => Enumerable.Range(0, a.Lengths[^1]).Sum(k => a.At([.. i[..^1], k]) * b.At([.. i[..^2], k, i[^1]])));
    }

    private static NaiveArray Factored(NaiveArray a)
    {
        int n = a.Lengths[^1];
        var factor = new NaiveArray(a.Lengths, new double[a.Values.Length]);
        for (int at = 0; at < a.Values.Length; at++)
        {
            // Row-major order computes what each element needs before it.
            int matrix = at / (n * n) * n * n, i = at / n % n, j = at % n;
            double rest = a.Values[at] - Enumerable.Range(0, Math.Min(i, j)).Sum(k => factor.Values[matrix + (i * n) + k] * factor.Values[matrix + (j * n) + k]);
            factor.Values[at] = j > i ? 0 : i == j ? Math.Sqrt(rest) : rest / factor.Values[matrix + (j * n) + j];
        }

        return factor;
    }

    private static NaiveArray Solved(NaiveArray triangle, NaiveArray b, bool transpose, bool upwards)
    {
        NaiveArray t = transpose ? Turned(triangle) : triangle;
        int n = t.Lengths[^1];
        NaiveArray shape = Product(t, b);
        double Element(int[] i)
        {
            int row = i[^2];
            IEnumerable<int> before = upwards ? Enumerable.Range(row + 1, n - 1 - row) : Enumerable.Range(0, row);
            return (b.At(i) - before.Sum(k => t.At([.. i[..^1], k]) * Element([.. i[..^2], k, i[^1]]))) / t.At([.. i[..^1], row]);
        }

        return NaiveArray.Of(shape.Lengths, Element);
    }
}
