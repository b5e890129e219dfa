using System.Diagnostics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonal form, then implicit QR steps.</summary>
/// <remarks>
/// Golub and Van Loan 2013, Matrix Computations, section 8.3. Eigenvectors are kept as rows, so that both parts work on what lies side by side. In float64 whatever
/// the tensors' type: convergence is then far below a float32's rounding.
/// </remarks>
internal static class SymmetricEigen
{
    // QR steps an eigenvalue; two or three are usual.
    private const int MostSteps = 60;

    /// <summary>Doubles of scratch memory.</summary>
    public static int ScratchLength(int n) => 3 * n;

    /// <summary>The decomposition <c>A = Vᵀ diag(w) V</c>.</summary>
    /// <param name="v">In: the matrix, of which the lower triangle is read. Out: eigenvectors as rows; of each, the entry largest in size is positive.</param>
    /// <param name="w">Eigenvalues, ascending.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> numbers.</param>
    /// <returns>False where a number is not finite, or steps did not converge; the contents are then meaningless.</returns>
    public static bool Compute(Span<double> v, Span<double> w, int n, Span<double> scratch)
    {
        Span<double> off = scratch[..n], rest = scratch[n..];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                if (!double.IsFinite(v[(i * n) + j]))
                {
                    return false;
                }

                v[(j * n) + i] = v[(i * n) + j];
            }
        }

        Tridiagonalise(v, w, off, n, rest);
        if (!Diagonalise(v, w, off, n))
        {
            return false;
        }

        Sort(v, w, n);
        return true;
    }

    // A = Q T Qᵀ with Q = H₀ H₁ …, where Hₖ = 1 - β u uᵀ takes what is left of T in row k away; u is kept in that row, β in scratch.
    // At the end the rows of v are those of Qᵀ.
    private static void Tridiagonalise(Span<double> v, Span<double> diagonal, Span<double> off, int n, Span<double> scratch)
    {
        Span<double> p = scratch[..n], betas = scratch.Slice(n, n), pair = stackalloc double[1];
        for (int k = 0; k < n - 1; k++)
        {
            diagonal[k] = v[(k * n) + k];
            int m = n - k - 1;
            Span<double> u = v.Slice((k * n) + k + 1, m);
            (off[k], betas[k]) = Reflection.Of(u);
            if (betas[k] == 0)
            {
                continue;
            }

            // A - u qᵀ - q uᵀ with q = p - (β/2) (uᵀ p) u and p = β A u.
            Span<double> q = p[..m];
            q.Clear();
            RowUpdates.Subtract<double>(u, 1, v[(((k + 1) * n) + k + 1)..], n, m, q);
            double shift = 0.5 * betas[k] * betas[k] * RowUpdates.Dot<double>(q, u);
            for (int i = 0; i < m; i++)
            {
                q[i] = (-betas[k] * q[i]) + (shift * u[i]);
            }

            for (int i = 0; i < m; i++)
            {
                Span<double> row = v.Slice(((k + 1 + i) * n) + k + 1, m);
                pair[0] = u[i];
                RowUpdates.Subtract(pair, 1, q, m, 1, row);
                pair[0] = q[i];
                RowUpdates.Subtract(pair, 1, u, m, 1, row);
            }
        }

        if (n > 0)
        {
            diagonal[n - 1] = v[^1];
            off[n - 1] = 0;
        }

        Accumulate(v, n, betas, p);
    }

    // Qᵀ = … H₁ H₀ from the last reflection on, each of which meets the identity in the rows and columns before its own.
    private static void Accumulate(Span<double> v, int n, ReadOnlySpan<double> betas, Span<double> p)
    {
        Span<double> factor = stackalloc double[1];
        if (n > 0)
        {
            v[^1] = 1;
        }

        for (int k = n - 2; k >= 0; k--)
        {
            int m = n - k - 1;
            Span<double> u = v.Slice((k * n) + k + 1, m);
            for (int i = 0; i < m && betas[k] != 0; i++)
            {
                // A row r of the block becomes r (1 - β u uᵀ).
                Span<double> row = v.Slice(((k + 1 + i) * n) + k + 1, m);
                factor[0] = betas[k] * RowUpdates.Dot<double>(row, u);
                RowUpdates.Subtract(factor, 1, u, m, 1, row);
            }

            u.Clear();
            v[(k * n) + k] = 1;
            for (int i = k + 1; i < n; i++)
            {
                v[(i * n) + k] = 0;
            }
        }
    }

    // Implicit QR steps with Wilkinson's shift on the lowest block that is not yet diagonal.
    private static bool Diagonalise(Span<double> v, Span<double> d, Span<double> e, int n)
    {
        int end = n - 1, steps = 0;
        while (end > 0)
        {
            int start = end;
            while (start > 0 && Math.Abs(e[start - 1]) > 1.1e-16 * (Math.Abs(d[start - 1]) + Math.Abs(d[start])))
            {
                start--;
            }

            if (start == end)
            {
                e[--end] = 0;
                steps = 0;
                continue;
            }

            if (++steps > MostSteps)
            {
                return false;
            }

            if (start > 0)
            {
                e[start - 1] = 0;
            }

            Step(v, d, e, n, start, end);
        }

        return true;
    }

    private static void Step(Span<double> v, Span<double> d, Span<double> e, int n, int start, int end)
    {
        double half = (d[end - 1] - d[end]) / 2, last = e[end - 1];
        double shift = d[end] - (last / (half + Math.CopySign(double.Hypot(half, last), half)) * last);
        double x = d[start] - shift, z = e[start];
        for (int k = start; k < end; k++)
        {
            double r = double.Hypot(x, z), c = r == 0 ? 1 : x / r, s = r == 0 ? 0 : -z / r;
            if (k > start)
            {
                e[k - 1] = r;
            }

            // [c -s; s c] T [c s; -s c] on rows and columns k, k + 1.
            double a = d[k], b = e[k], g = d[k + 1], cross = 2 * c * s * b;
            d[k] = (c * c * a) - cross + (s * s * g);
            d[k + 1] = (s * s * a) + cross + (c * c * g);
            e[k] = (c * s * (a - g)) + (((c * c) - (s * s)) * b);
            if (k < end - 1)
            {
                (x, z) = (e[k], -s * e[k + 1]);
                e[k + 1] *= c;
            }

            RowUpdates.Rotate(v.Slice(k * n, n), v.Slice((k + 1) * n, n), c, s);
        }
    }

    private static void Sort(Span<double> v, Span<double> w, int n)
    {
        for (int i = 0; i < n; i++)
        {
            int least = i;
            for (int j = i + 1; j < n; j++)
            {
                least = w[j] < w[least] ? j : least;
            }

            Span<double> row = v.Slice(i * n, n);
            if (least != i)
            {
                (w[i], w[least]) = (w[least], w[i]);
                Span<double> other = v.Slice(least * n, n);
                for (int j = 0; j < n; j++)
                {
                    (row[j], other[j]) = (other[j], row[j]);
                }
            }

            Debug.Assert(!double.IsNaN(w[i]), "Numbers were checked to be finite.");
            Reflection.MakeLargestPositive(row);
        }
    }
}
