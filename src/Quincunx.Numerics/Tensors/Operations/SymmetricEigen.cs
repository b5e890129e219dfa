using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The eigenvalues w, ascending, and the orthogonal V of eigenvectors, <c>A = V diag(w) Vᵀ</c>, of each symmetric matrix over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, n, n]</c>, symmetric; only the lower triangle is read.</param>
    /// <returns>
    /// Values of shape <c>[…, n]</c> and vectors, as columns, of shape <c>[…, n, n]</c>. The entry of each column that is largest in size is positive.
    /// All are NaN for a matrix with an element that is not finite.
    /// </returns>
    /// <remarks>
    /// Computed in float64 for either type. Derivatives are those with respect to a symmetric matrix, and symmetric themselves (Giles 2008, section 3.1). Where
    /// eigenvalues are equal, the derivative of the vectors does not exist (it is infinite or NaN), nor the second derivative of the values;
    /// the first of the values is still that of any one choice of vectors, and right for functions that treat equal ones alike.
    /// </remarks>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    public static (Tensor Values, Tensor Vectors) SymmetricEigen(Tensor a)
    {
        RequireSquare("SymmetricEigen", a);
        int n = a.Shape[-1];
        Tensor values = Allocate(new Shape(a.Shape.Lengths[..^1]), a.DType), vectors = Allocate(a.Shape, a.DType);
        Tensor scratch = Allocate(new Shape((n * n) + n + Kernels.SymmetricEigen.ScratchLength(n)), DType.Float64);
        Kernel.Run(new EigenKernel(a, values, vectors, scratch), [values, vectors, scratch], [a]);

        // Each result has a record of its own, with its share of the rule, which is linear in the two gradients.
        Recording.Of(
            values,
            (_, gradient, pull) => pull.Set(0, MatMul(vectors * gradient.ExpandAxis(-2), vectors, transposeB: true)),
            a);
        Recording.Of(
            vectors,
            (v, gradient, pull) =>
            {
                // Ā = V (F ∘ Vᵀ V̄) Vᵀ with F[i, j] = 1 / (wⱼ - wᵢ), of which the symmetric part counts.
                Tensor inner = InverseGaps(values) * MatMul(v, gradient, transposeA: true);
                inner = (inner + inner.MatrixTranspose()) * 0.5;
                pull.Set(0, MatMul(v, MatMul(inner, v, transposeB: true)));
            },
            a);
        return (values, vectors);
    }

    // 1 / (wⱼ - wᵢ) for w […, n], and 0 on the diagonal: shape […, n, n].
    private static Tensor InverseGaps(Tensor w)
    {
        int n = w.Shape[-1];
        Tensor eye = Eye(n, w.DType);
        return (1.0 - eye) / (w.ExpandAxis(-2) - w.ExpandAxis(-1) + eye);
    }

    private readonly struct EigenKernel(Tensor a, Tensor values, Tensor vectors, Tensor scratch) : INotedKernel
    {
        public OperationNote Note => new("SymmetricEigen");

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = a.Shape[-1];
            Span<double> v = scratch.Writable<double>()[..(n * n)], w = scratch.Writable<double>().Slice(n * n, n);
            Span<T> toValues = values.Writable<T>(), toVectors = vectors.Writable<T>();
            for (int at = 0; at < toVectors.Length; at += n * n)
            {
                ReadOnlySpan<T> from = a.Elements<T>().Slice(at, n * n);
                for (int i = 0; i < v.Length; i++)
                {
                    v[i] = double.CreateTruncating(from[i]);
                }

                bool found = Kernels.SymmetricEigen.Compute(v, w, n, scratch.Writable<double>()[((n * n) + n)..]);
                for (int i = 0; i < n; i++)
                {
                    toValues[(at / n) + i] = found ? T.CreateTruncating(w[i]) : T.NaN;
                    for (int j = 0; j < n; j++)
                    {
                        toVectors[at + (j * n) + i] = found ? T.CreateTruncating(v[(i * n) + j]) : T.NaN;
                    }
                }
            }
        }
    }
}
