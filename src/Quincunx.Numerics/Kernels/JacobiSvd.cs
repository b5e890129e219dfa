namespace Quincunx.Numerics.Kernels;

/// <summary>Thin singular value decompositions by one-sided Jacobi rotations, in float64.</summary>
/// <remarks>
/// Hestenes 1958, J. SIAM 6, 51; Demmel and Veselić 1992, SIAM J. Matrix Anal. Appl. 13, 1204, for why small singular values come out accurate. Rows are rotated in
/// pairs until all are orthogonal: their lengths are the singular values.
/// </remarks>
internal static class JacobiSvd
{
    // Sweeps over all pairs; six to ten are usual.
    private const int MostSweeps = 60;

    /// <summary>The decomposition <c>W = Rᵀ diag(s) L</c> of a matrix with no more rows than columns.</summary>
    /// <param name="w">In: W, shape [k, p]. Out: L, orthonormal rows.</param>
    /// <param name="r">Out: R, shape [k, k], orthogonal.</param>
    /// <param name="s">Out: singular values, descending.</param>
    /// <returns>False where a number is not finite, or sweeps did not converge; the contents are then meaningless.</returns>
    public static bool Compute(Span<double> w, Span<double> r, Span<double> s, int k, int p)
    {
        double largest = 0;
        foreach (double value in w)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }

            largest = Math.Max(largest, Math.Abs(value));
        }

        // A power of two takes squares away from overflow and underflow and rounds nothing.
        double scale = largest == 0 ? 1 : Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -1000, 1000));
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= scale;
        }

        r.Clear();
        for (int i = 0; i < k; i++)
        {
            r[(i * k) + i] = 1;
        }

        int sweeps = 0;
        while (Sweep(w, r, s, k, p))
        {
            if (++sweeps > MostSweeps)
            {
                return false;
            }
        }

        Sort(w, r, s, k, p);
        for (int i = 0; i < k; i++)
        {
            Normalise(w, s, i, p);
            s[i] /= scale;
        }

        return true;
    }

    // Rutishauser's rotation of rows i and j to orthogonal ones; false where none was needed. s holds squared lengths in between.
    private static bool Sweep(Span<double> w, Span<double> r, Span<double> s, int k, int p)
    {
        double tolerance = 2.2e-16 * Math.Sqrt(Math.Max(p, 4));
        bool moved = false;
        for (int i = 0; i < k; i++)
        {
            s[i] = RowUpdates.Dot<double>(w.Slice(i * p, p), w.Slice(i * p, p));
        }

        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j < k; j++)
            {
                Span<double> a = w.Slice(i * p, p), b = w.Slice(j * p, p);
                double cross = RowUpdates.Dot<double>(a, b);
                if (!(Math.Abs(cross) > tolerance * Math.Sqrt(s[i]) * Math.Sqrt(s[j])))
                {
                    continue;
                }

                moved = true;
                double zeta = (s[j] - s[i]) / (2 * cross);
                double t = Math.CopySign(1, zeta) / (Math.Abs(zeta) + double.Hypot(1, zeta));
                double cosine = 1 / Math.Sqrt(1 + (t * t)), sine = cosine * t;
                RowUpdates.Rotate(a, b, cosine, sine);
                RowUpdates.Rotate(r.Slice(i * k, k), r.Slice(j * k, k), cosine, sine);
                s[i] = RowUpdates.Dot<double>(a, a);
                s[j] = RowUpdates.Dot<double>(b, b);
            }
        }

        return moved;
    }

    private static void Sort(Span<double> w, Span<double> r, Span<double> s, int k, int p)
    {
        for (int i = 0; i < k; i++)
        {
            int most = i;
            for (int j = i + 1; j < k; j++)
            {
                most = s[j] > s[most] ? j : most;
            }

            if (most != i)
            {
                (s[i], s[most]) = (s[most], s[i]);
                Exchange(w.Slice(i * p, p), w.Slice(most * p, p));
                Exchange(r.Slice(i * k, k), r.Slice(most * k, k));
            }

            s[i] = Math.Sqrt(s[i]);
        }
    }

    private static void Exchange(Span<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }

    // Divides row i by its length; where that is 0, any direction orthogonal to the rows before will do.
    private static void Normalise(Span<double> w, Span<double> s, int i, int p)
    {
        Span<double> row = w.Slice(i * p, p);
        double length = s[i];
        if (length == 0)
        {
            row[Farthest(w, i, p)] = 1;
            Span<double> factor = stackalloc double[1];
            for (int repeat = 0; repeat < 2; repeat++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<double> other = w.Slice(j * p, p);
                    factor[0] = RowUpdates.Dot(row, other);
                    RowUpdates.Subtract(factor, 1, other, p, 1, row);
                }
            }

            length = Math.Sqrt(RowUpdates.Dot<double>(row, row));
        }

        for (int c = 0; c < p; c++)
        {
            row[c] /= length;
        }
    }

    // The axis of which the first rows hold least.
    private static int Farthest(ReadOnlySpan<double> w, int rows, int p)
    {
        (int axis, double least) = (0, double.PositiveInfinity);
        for (int c = 0; c < p; c++)
        {
            double held = 0;
            for (int j = 0; j < rows; j++)
            {
                held += w[(j * p) + c] * w[(j * p) + c];
            }

            (axis, least) = held < least ? (c, held) : (axis, least);
        }

        return axis;
    }
}
