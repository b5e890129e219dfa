namespace Quincunx.Numerics.LinearAlgebra;

/// <summary>Cholesky factors of small float64 matrices over spans, for densities that are evaluated point by point.</summary>
/// <remarks>Matrices are <c>[d, d]</c>, row-major. For batches and derivatives there is <see cref="Tensors.Tensor.Cholesky"/>.</remarks>
internal static class CholeskyFactor
{
    /// <summary>The lower L with <c>L Lᵀ = matrix</c>; of the matrix only the lower triangle is read.</summary>
    /// <param name="factor">Overwritten on and below the diagonal, and not touched above it.</param>
    /// <param name="tolerance">A pivot must exceed this share of its diagonal entry, and 0.</param>
    /// <returns>Null, or the first row whose pivot is too small (or NaN), with that pivot.</returns>
    public static (int Row, double Pivot)? Compute(ReadOnlySpan<double> matrix, int d, Span<double> factor, double tolerance = 0)
    {
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[(i * d) + j];
                double least = tolerance == 0 ? 0 : tolerance * sum;
                for (int k = 0; k < j; k++)
                {
                    sum -= factor[(i * d) + k] * factor[(j * d) + k];
                }

                if (i == j && !(sum > least))
                {
                    return (i, sum);
                }

                factor[(i * d) + j] = i == j ? Math.Sqrt(sum) : sum / factor[(j * d) + j];
            }
        }

        return null;
    }

    /// <summary>Solves <c>L y = x - centre</c> by forward substitution.</summary>
    /// <param name="y">Overwritten; may be <paramref name="x"/>.</param>
    /// <returns>The squared length of y: the squared Mahalanobis distance of x from the centre.</returns>
    public static double Solve(ReadOnlySpan<double> factor, ReadOnlySpan<double> x, ReadOnlySpan<double> centre, Span<double> y)
    {
        int d = centre.Length;
        double squares = 0;
        for (int i = 0; i < d; i++)
        {
            double sum = x[i] - centre[i];
            for (int j = 0; j < i; j++)
            {
                sum -= factor[(i * d) + j] * y[j];
            }

            y[i] = sum / factor[(i * d) + i];
            squares += y[i] * y[i];
        }

        return squares;
    }

    /// <summary>Solves <c>L Lᵀ y = r</c> in place.</summary>
    /// <param name="r">Shape <c>[d]</c>; overwritten with y.</param>
    public static void SolveBoth(ReadOnlySpan<double> factor, Span<double> r)
    {
        int d = r.Length;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
            {
                r[i] -= factor[(i * d) + j] * r[j];
            }

            r[i] /= factor[(i * d) + i];
        }

        for (int i = d - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < d; j++)
            {
                r[i] -= factor[(j * d) + i] * r[j];
            }

            r[i] /= factor[(i * d) + i];
        }
    }
}
