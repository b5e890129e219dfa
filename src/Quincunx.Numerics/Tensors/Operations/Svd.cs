using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The thin singular value decomposition, <c>A = U diag(s) Vᵀ</c>, of each matrix over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, m, n]</c>.</param>
    /// <returns>
    /// With k = min(m, n), U of shape <c>[…, m, k]</c>, s, descending and not negative, of shape <c>[…, k]</c>, and Vᵀ of shape <c>[…, k, n]</c>. The entry of each
    /// column of U that is largest in size is positive. All are NaN for a matrix with an element that is not finite.
    /// </returns>
    /// <remarks>
    /// By one-sided Jacobi rotations, in float64 for either type. Derivatives: Townsend 2016, Differentiating the singular value decomposition. Where singular values are
    /// equal, those of U and Vᵀ do not exist (they are infinite or NaN), nor the second derivative of s; nor do they where one is 0, but for the vectors' side that is square.
    /// </remarks>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public static (Tensor U, Tensor Values, Tensor Vt) Svd(Tensor a)
    {
        ArgumentNullException.ThrowIfNull(a);
        a.RequireMatrices("Svd");
        int m = a.Shape[-2], n = a.Shape[-1], k = Math.Min(m, n);
        Tensor u = Allocate(a.Shape.With(a.Rank - 1, k), a.DType), s = Allocate(new Shape([.. a.Shape.Lengths[..^2], k]), a.DType);
        Tensor vt = Allocate(a.Shape.With(a.Rank - 2, k), a.DType), scratch = Allocate(new Shape((m * n) + (k * k) + k), DType.Float64);
        Kernel.Run(new SvdKernel(a, u, s, vt, scratch), [u, s, vt, scratch], [a]);

        // Each result has a record of its own, with its share of the rule, which is linear in the three gradients.
        Recording.Of(u, (u, gradient, pull) => pull.Set(0, MatMul(PullThroughVectors(u, s, gradient), vt)), a);
        Recording.Of(s, (_, gradient, pull) => pull.Set(0, MatMul(u * gradient.ExpandAxis(-2), vt)), a);
        Recording.Of(
            vt,
            (vt, gradient, pull) => pull.Set(
                0, MatMul(u, PullThroughVectors(vt.MatrixTranspose(), s, gradient.MatrixTranspose()).MatrixTranspose())),
            a);
        return (u, s, vt);
    }

    // For orthonormal columns u [p, k] with gradient g: u (F ∘ (uᵀ g - gᵀ u)) S + (1 - u uᵀ) g S⁻¹ with F[i, j] = 1 / (sⱼ² - sᵢ²).
    private static Tensor PullThroughVectors(Tensor u, Tensor s, Tensor g)
    {
        Tensor inner = MatMul(u, g, transposeA: true), values = s.ExpandAxis(-2);
        Tensor within = MatMul(u, InverseGaps(s * s) * (inner - inner.MatrixTranspose())) * values;

        // Columns that are a whole basis leave nothing outside.
        return u.Shape[-1] == u.Shape[-2] ? within : within + ((g - MatMul(u, inner)) / values);
    }

    private readonly struct SvdKernel(Tensor a, Tensor u, Tensor s, Tensor vt, Tensor scratch) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int m = a.Shape[-2], n = a.Shape[-1], k = Math.Min(m, n), p = Math.Max(m, n);
            Span<double> numbers = scratch.Writable<double>();
            Span<double> w = numbers[..(k * p)], r = numbers.Slice(k * p, k * k), values = numbers[^k..];
            int matrices = k == 0 ? 0 : a.Count / (m * n);
            for (int i = 0; i < matrices; i++)
            {
                // The matrix itself where it is wide, its transpose where it is tall.
                ReadOnlySpan<T> from = a.Elements<T>().Slice(i * m * n, m * n);
                if (m < n)
                {
                    Read(from, w);
                }
                else
                {
                    ReadTurned(from, m, n, w);
                }

                bool found = JacobiSvd.Compute(w, r, values, k, p);
                Span<double> left = m < n ? r : w, right = m < n ? w : r;
                for (int j = 0; j < k && found; j++)
                {
                    if (Reflection.MakeLargestPositive(left.Slice(j * m, m)))
                    {
                        Reflection.Negate(right.Slice(j * n, n));
                    }
                }

                if (!found)
                {
                    numbers.Fill(double.NaN);
                }

                WriteTurned(left, k, m, u.Writable<T>().Slice(i * m * k, m * k));
                Write(values, s.Writable<T>().Slice(i * k, k));
                Write(right, vt.Writable<T>().Slice(i * k * n, k * n));
            }
        }
    }
}
