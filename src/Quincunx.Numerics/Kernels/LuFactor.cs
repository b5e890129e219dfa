using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>LU factors of square matrices with partial pivoting, packed: rows of L (unit diagonal) below those of U, then a row of pivots.</summary>
/// <remarks>Matrices are row-major. Golub and Van Loan 2013, Matrix Computations, section 3.4; by panels of columns, so that the rest is updated once a panel.</remarks>
internal static class LuFactor
{
    // Columns factored before the columns to their right are touched; the rows that update those stay in the first caches.
    private const int Panel = 16;

    /// <summary>Numbers of a packed factor.</summary>
    public static int Length(int n) => n * (n + 1);

    /// <summary>Factors a matrix in place.</summary>
    /// <param name="packed">In: the matrix in the first n rows. Out: the factor; in its last row, at k, the row exchanged with row k in step k.</param>
    /// <remarks>A column without a pivot is left as it is, so that U has a 0 on its diagonal. NaN and infinities spread.</remarks>
    public static void Compute<T>(Span<T> packed, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int from = 0; from < n; from += Panel)
        {
            int to = Math.Min(n, from + Panel);
            FactorPanel(packed, n, from, to);
            for (int i = from + 1; i < n && to < n; i++)
            {
                RowUpdates.Subtract<T>(
                    packed.Slice((i * n) + from, to - from), 1, packed[((from * n) + to)..], n, Math.Min(i, to) - from, packed.Slice((i * n) + to, n - to));
            }
        }
    }

    /// <summary>The X with A X = X₀, or Aᵀ X = X₀, in place.</summary>
    /// <param name="x">Shape <c>[n, m]</c>.</param>
    public static void Solve<T>(ReadOnlySpan<T> packed, Span<T> x, int n, int m, bool transpose)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (transpose)
        {
            Substitute(packed, x, n, m, upper: true, transpose);
            Substitute(packed, x, n, m, upper: false, transpose);
            for (int k = n - 1; k >= 0; k--)
            {
                Exchange(x, k, Pivot(packed, n, k), m);
            }
        }
        else
        {
            for (int k = 0; k < n; k++)
            {
                Exchange(x, k, Pivot(packed, n, k), m);
            }

            Substitute(packed, x, n, m, upper: false, transpose);
            Substitute(packed, x, n, m, upper: true, transpose);
        }
    }

    /// <summary>Whether the rows were exchanged an odd number of times.</summary>
    public static bool IsOdd<T>(ReadOnlySpan<T> packed, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool odd = false;
        for (int k = 0; k < n; k++)
        {
            odd ^= Pivot(packed, n, k) != k;
        }

        return odd;
    }

    private static int Pivot<T>(ReadOnlySpan<T> packed, int n, int k)
        where T : unmanaged, IFloatingPointIeee754<T> => int.CreateTruncating(packed[(n * n) + k]);

    private static void FactorPanel<T>(Span<T> packed, int n, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int k = from; k < to; k++)
        {
            int pivot = k;
            T largest = T.Abs(packed[(k * n) + k]);
            for (int i = k + 1; i < n; i++)
            {
                T size = T.Abs(packed[(i * n) + k]);
                if (size > largest)
                {
                    (pivot, largest) = (i, size);
                }
            }

            packed[(n * n) + k] = T.CreateTruncating(pivot);
            if (largest == T.Zero)
            {
                continue;
            }

            Exchange(packed, k, pivot, n);
            T divisor = packed[(k * n) + k];
            ReadOnlySpan<T> row = packed.Slice((k * n) + k + 1, to - k - 1);
            for (int i = k + 1; i < n; i++)
            {
                T factor = packed[(i * n) + k] / divisor;
                packed[(i * n) + k] = factor;
                Span<T> target = packed.Slice((i * n) + k + 1, row.Length);
                for (int j = 0; j < row.Length; j++)
                {
                    target[j] -= factor * row[j];
                }
            }
        }
    }

    // Row after row, so that all right-hand sides move together. The factor's own rows serve where there is one.
    private static void Substitute<T>(ReadOnlySpan<T> packed, Span<T> x, int n, int m, bool upper, bool transpose)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool downwards = upper == transpose;
        for (int k = 0; k < n; k++)
        {
            int i = downwards ? k : n - 1 - k, first = downwards ? 0 : i + 1, count = downwards ? i : n - 1 - i;
            Span<T> row = x.Slice(i * m, m);
            if (transpose)
            {
                RowUpdates.Subtract(packed[((first * n) + i)..], n, x[(first * m)..], m, count, row);
            }
            else if (m == 1)
            {
                row[0] -= RowUpdates.Dot<T>(packed.Slice((i * n) + first, count), x.Slice(first, count));
            }
            else
            {
                RowUpdates.Subtract(packed.Slice((i * n) + first, count), 1, x[(first * m)..], m, count, row);
            }

            if (upper)
            {
                T divisor = packed[(i * n) + i];
                for (int j = 0; j < m; j++)
                {
                    row[j] /= divisor;
                }
            }
        }
    }

    private static void Exchange<T>(Span<T> x, int i, int j, int length)
        where T : unmanaged
    {
        if (i == j)
        {
            return;
        }

        Span<T> a = x.Slice(i * length, length), b = x.Slice(j * length, length);
        for (int k = 0; k < length; k++)
        {
            (a[k], b[k]) = (b[k], a[k]);
        }
    }
}
