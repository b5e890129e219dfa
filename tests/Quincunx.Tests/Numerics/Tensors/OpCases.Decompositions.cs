using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static int[][][] Rectangles => [[[1, 1]], [[3, 3]], [[4, 2]], [[2, 5, 3]], [[2, 3]], [[2, 1, 2, 5]], [[0, 3, 2]], [[9, 4]]];

    // A diagonal of distinct numbers keeps eigenvalues and singular values apart, so that derivatives of the vectors are moderate.
    private static IEnumerable<OpCase> Decompositions =>
    [
        Row("SymmetricEigen", x => Tensor.SymmetricEigen(Symmetric(x[0])).Values, x => Eigen(Symmetric(x[0])).Values, SquareShapes) with { Misfit = [[2, 3]], Tolerance = 2e-14 },
        Row("SymmetricEigen:vectors", x => Tensor.SymmetricEigen(Symmetric(x[0])).Vectors, x => Eigen(Symmetric(x[0])).Vectors, SquareShapes) with { Tolerance = 2e-14 },
        Row("SymmetricEigen:both", x => Rebuilt(Tensor.SymmetricEigen(Symmetric(x[0]))), x => Symmetric(x[0]), SquareShapes) with { Tolerance = 2e-14 },
        Row("Qr", x => Tensor.Qr(Apart(x[0])).Q, x => Orthonormalised(Apart(x[0])).Q, Rectangles) with { Misfit = [[3]], Tolerance = 2e-14 },
        Row("Qr:R", x => Tensor.Qr(Apart(x[0])).R, x => Orthonormalised(Apart(x[0])).R, Rectangles) with { Tolerance = 2e-14 },
        Row("Svd", x => Tensor.Svd(Apart(x[0])).U, x => Singular(Apart(x[0])).U, Rectangles) with { Misfit = [[3]], Tolerance = 1e-13 },
        Row("Svd:values", x => Tensor.Svd(Apart(x[0])).Values, x => Singular(Apart(x[0])).Values, Rectangles) with { Tolerance = 2e-14 },
        Row("Svd:Vt", x => Tensor.Svd(Apart(x[0])).Vt, x => Singular(Apart(x[0])).Vt, Rectangles) with { Tolerance = 1e-13 },
        Row("Svd:all", x => Rebuilt(Tensor.Svd(Apart(x[0]))), x => Apart(x[0]), Rectangles) with { Tolerance = 2e-14 },
        Row("MatrixExponential", x => Tensor.MatrixExponential(0.5 * x[0]), x => Exponential(x[0], 0.5), SquareShapes) with { Misfit = [[2, 3]], Tolerance = 4e-14 },
        Row("MatrixExponential:squared", x => Tensor.MatrixExponential(4 * x[0]), x => Exponential(x[0], 4), SquareShapes) with { GradientShapes = [], Tolerance = 4e-13 },
    ];

    private static Tensor Rebuilt((Tensor Values, Tensor Vectors) e) => Tensor.MatMul(e.Vectors * e.Values.ExpandAxis(-2), e.Vectors, transposeB: true);

    private static Tensor Rebuilt((Tensor U, Tensor Values, Tensor Vt) d) => Tensor.MatMul(d.U * d.Values.ExpandAxis(-2), d.Vt);

    // A tenth of x, and on the diagonal 2, 4, 6 and so on.
    private static Tensor Apart(Tensor x)
    {
        if (x.Rank < 2)
        {
            return x;
        }

        int m = x.Shape[-2], n = x.Shape[-1], k = Math.Min(m, n);
        Tensor diagonal = (2 * Tensor.Ones(new Shape(k, k), x.DType).Tril().Sum(-1)).ToDiagonal();
        Tensor wide = Tensor.Concat([diagonal, Tensor.Zeros(new Shape(k, n - k), x.DType)], axis: 1);
        return (0.1 * x) + Tensor.Concat([wide, Tensor.Zeros(new Shape(m - k, n), x.DType)], axis: 0);
    }

    private static NaiveArray Apart(NaiveArray x) => NaiveArray.From(Apart(x.ToTensor()));

    private static Tensor Symmetric(Tensor x) => Apart(x.Shape[-1] == x.Shape[-2] ? x + x.MatrixTranspose() : x);

    private static NaiveArray Symmetric(NaiveArray x) => NaiveArray.From(Symmetric(x.ToTensor()));

    // Classical Jacobi rotations on both sides.
    private static (NaiveArray Values, NaiveArray Vectors) Eigen(NaiveArray a)
    {
        int n = a.Lengths[^1];
        (double[] Values, double[][] Vectors) Of(int[] outer)
        {
            double[][] m = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => a.At([.. outer, i, j])).ToArray())];
            double[][] v = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())];
            for (int turn = 0; turn < 30 * n * n; turn++)
            {
                (int p, int q) = (turn / n % n, turn % n);
                if (p >= q || m[p][q] == 0)
                {
                    continue;
                }

                double angle = 0.5 * Math.Atan2(2 * m[p][q], m[q][q] - m[p][p]), c = Math.Cos(angle), s = Math.Sin(angle);
                foreach (double[][] rows in new[] { m, v })
                {
                    (rows[p], rows[q]) = ([.. rows[p].Zip(rows[q], (x, y) => (c * x) - (s * y))], [.. rows[p].Zip(rows[q], (x, y) => (s * x) + (c * y))]);
                }

                foreach (double[] row in m)
                {
                    (row[p], row[q]) = ((c * row[p]) - (s * row[q]), (s * row[p]) + (c * row[q]));
                }
            }

            int[] order = [.. Enumerable.Range(0, n).OrderBy(i => m[i][i])];
            return ([.. order.Select(i => m[i][i])], [.. order.Select(i => Signed(v[i]))]);
        }

        int[] outerLengths = a.Lengths[..^2];
        return (NaiveArray.Of([.. outerLengths, n], i => Of(i[..^1]).Values[i[^1]]), NaiveArray.Of(a.Lengths, i => Of(i[..^2]).Vectors[i[^1]][i[^2]]));
    }

    private static double[] Signed(double[] vector) => vector.MaxBy(Math.Abs) < 0 ? [.. vector.Select(x => -x)] : vector;

    // Gram and Schmidt, twice; columns beyond the rows are taken along into R.
    private static (NaiveArray Q, NaiveArray R) Orthonormalised(NaiveArray a)
    {
        int m = a.Lengths[^2], n = a.Lengths[^1], k = Math.Min(m, n);
        double[][] Columns(int[] outer)
        {
            var columns = new List<double[]>();
            for (int j = 0; j < k; j++)
            {
                double[] x = [.. Enumerable.Range(0, m).Select(i => a.At([.. outer, i, j]))];
                for (int repeat = 0; repeat < 2; repeat++)
                {
                    foreach (double[] q in columns)
                    {
                        double along = q.Zip(x, (u, v) => u * v).Sum();
                        x = [.. x.Zip(q, (v, u) => v - (along * u))];
                    }
                }

                double length = Math.Sqrt(x.Sum(v => v * v));
                columns.Add([.. x.Select(v => v / length)]);
            }

            return [.. columns];
        }

        int[] outerLengths = a.Lengths[..^2];
        return (
            NaiveArray.Of([.. outerLengths, m, k], i => Columns(i[..^2])[i[^1]][i[^2]]),
            NaiveArray.Of([.. outerLengths, k, n], i => i[^1] < i[^2] ? 0 : Columns(i[..^2])[i[^2]].Select((q, row) => q * a.At([.. i[..^2], row, i[^1]])).Sum()));
    }

    // Through the eigenvectors of the smaller of A Aᵀ and Aᵀ A; singular values are far from 0 here.
    private static (NaiveArray U, NaiveArray Values, NaiveArray Vt) Singular(NaiveArray a)
    {
        bool wide = a.Lengths[^2] < a.Lengths[^1];
        NaiveArray turned = Turned(a);
        (NaiveArray values, NaiveArray vectors) = Eigen(wide ? Product(a, turned) : Product(turned, a));
        NaiveArray s = NaiveArray.Of(values.Lengths, i => Math.Sqrt(values.At([.. i[..^1], values.Lengths[^1] - 1 - i[^1]])));
        NaiveArray v = NaiveArray.Of(vectors.Lengths, i => vectors.At([.. i[..^1], vectors.Lengths[^1] - 1 - i[^1]]));
        NaiveArray other = Product(wide ? turned : a, v);
        other = NaiveArray.Of(other.Lengths, i => other.At(i) / s.At([.. i[..^2], i[^1]]));
        (NaiveArray u, NaiveArray w) = wide ? (v, other) : (other, v);
        double Sign(int[] outer, int column) => Signed([.. Enumerable.Range(0, u.Lengths[^2]).Select(i => u.At([.. outer, i, column]))])[0] == u.At([.. outer, 0, column]) ? 1 : -1;
        return (
            NaiveArray.Of(u.Lengths, i => Sign(i[..^2], i[^1]) * u.At(i)), s,
            NaiveArray.Of([.. w.Lengths[..^2], w.Lengths[^1], w.Lengths[^2]], i => Sign(i[..^2], i[^2]) * w.At([.. i[..^2], i[^1], i[^2]])));
    }

    // Taylor's series of a part small enough, squared.
    private static NaiveArray Exponential(NaiveArray x, double factor)
    {
        const int Squarings = 7, Terms = 24;
        NaiveArray small = NaiveArray.Broadcast(v => Math.ScaleB(factor * v[0], -Squarings), x), sum = Identity(x);
        for (int k = Terms; k > 0; k--)
        {
            sum = NaiveArray.Broadcast(v => v[0] + (v[1] / k), Identity(x), Product(small, sum));
        }

        for (int i = 0; i < Squarings; i++)
        {
            sum = Product(sum, sum);
        }

        return sum;
    }
}
