using System.Numerics;
using System.Numerics.Tensors;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The lower triangular L with positive diagonal and <c>L Lᵀ = a</c>, for each matrix over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, n, n]</c>, symmetric; only the lower triangle is read.</param>
    /// <remarks>
    /// The derivative is that with respect to a symmetric matrix, and symmetric itself: half of an off-diagonal entry's share is
    /// on either side. Cost n³/3 multiply-adds a matrix.
    /// </remarks>
    /// <exception cref="NotPositiveDefiniteException">A pivot is not positive, or not finite.</exception>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    public static Tensor Cholesky(Tensor a)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank < 2 || a.Shape[-1] != a.Shape[-2])
        {
            throw new ShapeException($"Cholesky: expected shape [..., n, n], got {a.Shape}.");
        }

        Tensor factor = Allocate(a.Shape, a.DType);
        Kernel.Run(new FactorKernel(a, factor), factor, a);
        return Recording.Of(factor, CholeskyRule, a);
    }

    // I. Murray 2016, "Differentiation of the Cholesky decomposition" (arXiv:1602.07527), equation 8: with P the lower triangle of
    // Lᵀ L̄, its diagonal halved, Ā = ½ L⁻ᵀ (P + Pᵀ) L⁻¹.
    private static readonly PullBack CholeskyRule = static (factor, gradient, pull) =>
    {
        Tensor p = MatMul(factor, gradient, transposeA: true);
        p = (p.Tril() + p.Tril(-1)) * 0.5;
        Tensor half = SolveTriangular(factor, (p + p.MatrixTranspose()) * 0.5, transpose: true);
        pull.Set(0, SolveTriangular(factor, half.MatrixTranspose(), transpose: true));
    };

    private readonly struct FactorKernel(Tensor a, Tensor factor) : INotedKernel
    {
        public OperationNote Note => new("Cholesky");

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => CholeskyKernel(a.Elements<T>(), factor.Writable<T>(), a.Shape[-1]);
    }

    private static void CholeskyKernel<T>(ReadOnlySpan<T> a, Span<T> factor, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int start = 0; start < a.Length; start += n * n)
        {
            Span<T> l = factor.Slice(start, n * n);
            for (int i = 0; i < n; i++)
            {
                Span<T> row = l.Slice(i * n, n);
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<T> other = l.Slice(j * n, n);
                    row[j] = (a[start + (i * n) + j] - TensorPrimitives.Dot<T>(row[..j], other[..j])) / other[j];
                }

                T square = a[start + (i * n) + i] - TensorPrimitives.SumOfSquares<T>(row[..i]);
                if (!(square > T.Zero) || !T.IsFinite(square))
                {
                    throw new NotPositiveDefiniteException(start / (n * n), i, double.CreateTruncating(square));
                }

                row[i] = T.Sqrt(square);
                row[(i + 1)..].Clear();
            }
        }
    }
}
