using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Decompositions of matrices as a share of the multiply-add peak, by the usual counts of operations for dense matrices (Golub and Van Loan 2013, for n = m: 21 n³ for the SVD).</summary>
internal static class LinearAlgebraRows
{
    private static readonly (int Count, int Side)[] Shapes = [(1000, 8), (1, 128), (1, 512)];

    public static IEnumerable<RowPlan> All(Bench bench) =>
    [
        .. Of(bench, "solve, one right-hand side", n => (2.0 / 3 * n * n * n) + (2.0 * n * n), a => Tensor.Solve(a, a.Slice(-1, 0, 1))),
        .. Of(bench, "inverse", n => 8.0 / 3 * n * n * n, Tensor.Inverse),
        .. Of(bench, "log-determinant", n => 2.0 / 3 * n * n * n, a => Tensor.LogDeterminant(a).LogAbs),
        .. Of(bench, "QR", n => 8.0 / 3 * n * n * n, a => Tensor.Qr(a).Q),
        .. Of(bench, "symmetric eigenvectors", n => 9.0 * n * n * n, a => Tensor.SymmetricEigen(a).Vectors, largest: 128),
        .. Of(bench, "SVD", n => 21.0 * n * n * n, a => Tensor.Svd(a).U, largest: 128),
        .. Of(bench, "matrix exponential", n => ((2 * 6) + (8.0 / 3)) * n * n * n, a => Tensor.MatrixExponential(a * (1.0 / a.Shape[-1]))),
    ];

    /// <param name="operations">Floating point operations for a matrix of side n.</param>
    private static IEnumerable<RowPlan> Of(Bench bench, string name, Func<int, double> operations, Func<Tensor, Tensor> function, int largest = 512)
    {
        foreach ((int count, int side) in Shapes.Where(s => s.Side <= Math.Min(largest, bench.Effort.LargestProduct)))
        {
            Probe probe = bench.Time(() =>
            {
                Tensor a = Matrices(bench.Effort.IsSmoke ? 1 : count, side);
                return () =>
                {
                    using var scope = new TensorScope();
                    function(a);
                };
            });
            yield return new RowPlan(
                count == 1 ? $"{name}, {side}x{side}" : $"{name}, {Bench.Count(count)} of {side}x{side}", 1, RowPlan.Float64, Units.Flops,
                Quantity.Rate(probe, 1e-9 * count * operations(side)), bench.PeakBound<double>(1));
        }
    }

    private static Tensor Matrices(int count, int side) => Tensor.Normal(0, 1, new Rng(1), new Shape(count, side, side), DType.Float64);
}
