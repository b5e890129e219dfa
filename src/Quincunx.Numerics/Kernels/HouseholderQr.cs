namespace Quincunx.Numerics.Kernels;

/// <summary>Thin QR factors by Householder's reflections, in float64.</summary>
/// <remarks>Golub and Van Loan 2013, Matrix Computations, section 5.2. Columns are kept as rows, so that all work is on what lies side by side.</remarks>
internal static class HouseholderQr
{
    /// <summary>The decomposition A = Q R of a matrix with at least as many rows as columns; R has no negative diagonal entry.</summary>
    /// <param name="a">In: the n columns of A, each of m numbers. Out: overwritten.</param>
    /// <param name="q">Out: the n columns of Q.</param>
    /// <param name="r">Out: R, shape [n, n], with zeros below its diagonal.</param>
    /// <param name="betas">n numbers of scratch memory.</param>
    public static void Compute(Span<double> a, Span<double> q, Span<double> r, int m, int n, Span<double> betas)
    {
        r.Clear();
        Span<double> factor = stackalloc double[1];
        for (int k = 0; k < n; k++)
        {
            Span<double> u = a.Slice((k * m) + k, m - k);
            (r[(k * n) + k], betas[k]) = Reflection.Of(u);
            for (int j = k + 1; j < n; j++)
            {
                Span<double> column = a.Slice((j * m) + k, m - k);
                Reflect(betas[k], u, column, factor);
                r[(k * n) + j] = column[0];
            }
        }

        q.Clear();
        for (int j = 0; j < n; j++)
        {
            // Reflections after the j-th leave axis j alone.
            Span<double> column = q.Slice(j * m, m);
            column[j] = 1;
            for (int k = j; k >= 0; k--)
            {
                Reflect(betas[k], a.Slice((k * m) + k, m - k), column[k..], factor);
            }

            if (r[(j * n) + j] < 0)
            {
                Reflection.Negate(column);
                Reflection.Negate(r.Slice(j * n, n));
            }
        }
    }

    // x becomes (1 - β u uᵀ) x.
    private static void Reflect(double beta, ReadOnlySpan<double> u, Span<double> x, Span<double> factor)
    {
        if (beta != 0)
        {
            factor[0] = beta * RowUpdates.Dot<double>(u, x);
            RowUpdates.Subtract(factor, 1, u, u.Length, 1, x);
        }
    }
}
