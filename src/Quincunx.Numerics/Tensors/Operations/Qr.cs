using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The thin QR factors, <c>A = Q R</c>, of each matrix over the last two axes: QᵀQ = 1, R upper triangular without a negative diagonal entry.</summary>
    /// <param name="a">Shape <c>[…, m, n]</c>.</param>
    /// <returns>With k = min(m, n), Q of shape <c>[…, m, k]</c> and R of shape <c>[…, k, n]</c>.</returns>
    /// <remarks>
    /// By Householder's reflections, in float64 for either type. Derivatives: Walter and Lehmann 2010 (arXiv:1009.6112), and Roberts and Roberts 2020 (arXiv:2009.10071) for
    /// matrices with more columns than rows. They do not exist where the first k columns are linearly dependent (R has a 0 on its diagonal). NaN and infinities spread.
    /// </remarks>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public static (Tensor Q, Tensor R) Qr(Tensor a)
    {
        ArgumentNullException.ThrowIfNull(a);
        a.RequireMatrices("Qr");
        int m = a.Shape[-2], n = a.Shape[-1];
        if (m < n)
        {
            // A = [X | Y] = Q [U | V] with X = Q U and V = Qᵀ Y.
            (Tensor square, Tensor left) = Qr(a.Slice(-1, 0, m));
            return (square, Concat([left, MatMul(square, a.Slice(-1, m), transposeA: true)], axis: -1));
        }

        Tensor q = Allocate(a.Shape, a.DType), r = Allocate(a.Shape.With(a.Rank - 2, n), a.DType);
        Tensor scratch = Allocate(new Shape((2 * m * n) + (n * n) + n), DType.Float64);
        Kernel.Run(new QrKernel(a, q, r, scratch), [q, r, scratch], [a]);

        // With M = R R̄ᵀ - Q̄ᵀ Q and S its lower triangle mirrored above the diagonal: Ā = (Q̄ + Q S) R⁻ᵀ. Each result has a record of its own, with its share.
        Recording.Of(
            q,
            (q, gradient, pull) => pull.Set(0, TimesInverseTransposed(gradient - MatMul(q, Mirrored(MatMul(gradient, q, transposeA: true))), r)),
            a);
        Recording.Of(
            r,
            (r, gradient, pull) => pull.Set(0, TimesInverseTransposed(MatMul(q, Mirrored(MatMul(r, gradient, transposeB: true))), r)),
            a);
        return (q, r);
    }

    private static Tensor Mirrored(Tensor m) => m.Tril() + m.Tril(-1).MatrixTranspose();

    // X R⁻ᵀ for an upper triangular R.
    private static Tensor TimesInverseTransposed(Tensor x, Tensor r) => SolveTriangular(r, x.MatrixTranspose(), upper: true).MatrixTranspose();

    private readonly struct QrKernel(Tensor a, Tensor q, Tensor r, Tensor scratch) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int m = a.Shape[-2], n = a.Shape[-1];
            Span<double> numbers = scratch.Writable<double>();
            Span<double> columns = numbers[..(m * n)], vectors = numbers.Slice(m * n, m * n), triangle = numbers.Slice(2 * m * n, n * n);
            for (int at = 0, to = 0; at < a.Count; at += m * n, to += n * n)
            {
                ReadTurned(a.Elements<T>().Slice(at, m * n), m, n, columns);
                HouseholderQr.Compute(columns, vectors, triangle, m, n, numbers[^n..]);
                WriteTurned(vectors, n, m, q.Writable<T>().Slice(at, m * n));
                Write(triangle, r.Writable<T>().Slice(to, n * n));
            }
        }
    }

    // The columns of x [rows, columns], one after the other.
    private static void ReadTurned<T>(ReadOnlySpan<T> x, int rows, int columns, Span<double> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                y[(j * rows) + i] = double.CreateTruncating(x[(i * columns) + j]);
            }
        }
    }

    private static void WriteTurned<T>(ReadOnlySpan<double> x, int rows, int columns, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                y[(j * rows) + i] = T.CreateTruncating(x[(i * columns) + j]);
            }
        }
    }

    private static void Read<T>(ReadOnlySpan<T> x, Span<double> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = double.CreateTruncating(x[i]);
        }
    }

    private static void Write<T>(ReadOnlySpan<double> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.CreateTruncating(x[i]);
        }
    }
}
