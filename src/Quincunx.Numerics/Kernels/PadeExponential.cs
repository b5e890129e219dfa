using System.Diagnostics;

namespace Quincunx.Numerics.Kernels;

/// <summary>The exponential of a matrix by scaling and squaring, in float64.</summary>
/// <remarks>
/// Higham 2005, The scaling and squaring method for the matrix exponential revisited, SIAM J. Matrix Anal. Appl. 26, 1179: algorithm 2.3 with the Padé approximant of degree
/// 13 throughout, whose backward error is below 2⁻⁵³ up to the 1-norm θ₁₃.
/// </remarks>
internal static class PadeExponential
{
    // Table 2.3 and equation 2.33 there; bⱼ = (26 - j)! 13! / (26! (13 - j)! j!), made whole.
    private const double Theta13 = 5.371920351148152;

    private static readonly double[] B =
    [
        64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380,
        182, 1,
    ];

    /// <summary>Doubles of scratch memory.</summary>
    public static int ScratchLength(int n) => (6 * n * n) + LuFactor.Length(n);

    /// <summary>Overwrites A by exp A; a matrix that is not finite by NaN.</summary>
    /// <param name="a">Shape [n, n].</param>
    /// <param name="scratch"><see cref="ScratchLength"/> numbers.</param>
    public static void Compute(Span<double> a, int n, Span<double> scratch)
    {
        Debug.Assert(scratch.Length >= ScratchLength(n), "The scratch memory is too small.");
        double norm = OneNorm(a, n);
        if (!double.IsFinite(norm))
        {
            a.Fill(double.NaN);
            return;
        }

        int squarings = norm > Theta13 ? Math.Max(0, (int)Math.Ceiling(Math.Log2(norm / Theta13))) : 0;
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = Math.ScaleB(a[i], -squarings);
        }

        int size = n * n;
        Span<double> a2 = scratch[..size], a4 = scratch.Slice(size, size), a6 = scratch.Slice(2 * size, size), u = scratch.Slice(3 * size, size);
        Span<double> v = scratch.Slice(4 * size, size), sum = scratch.Slice(5 * size, size), packed = scratch[(6 * size)..];
        Multiply(a, a, a2, n);
        Multiply(a2, a2, a4, n);
        Multiply(a2, a4, a6, n);

        // U = A (A₆ (b₁₃A₆ + b₁₁A₄ + b₉A₂) + b₇A₆ + b₅A₄ + b₃A₂ + b₁), and V likewise of the even powers.
        Combine(sum, a2, a4, a6, B[9], B[11], B[13]);
        Combine(v, a2, a4, a6, B[3], B[5], B[7]);
        AddToDiagonal(v, n, B[1]);
        Multiply(a6, sum, v, n, accumulate: true);
        Multiply(a, v, u, n);
        Combine(sum, a2, a4, a6, B[8], B[10], B[12]);
        Combine(v, a2, a4, a6, B[2], B[4], B[6]);
        AddToDiagonal(v, n, B[0]);
        Multiply(a6, sum, v, n, accumulate: true);

        // (V - U) X = V + U.
        for (int i = 0; i < size; i++)
        {
            packed[i] = v[i] - u[i];
            a[i] = v[i] + u[i];
        }

        LuFactor.Compute(packed, n);
        LuFactor.Solve<double>(packed, a, n, n, transpose: false);
        for (int i = 0; i < squarings; i++)
        {
            Multiply(a, a, sum, n);
            sum.CopyTo(a);
        }
    }

    private static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z, int n, bool accumulate = false) =>
        MatrixProduct.Multiply(false, false, n, n, n, x, y, z, accumulate, KernelThreads.Count);

    private static void Combine(Span<double> y, ReadOnlySpan<double> a2, ReadOnlySpan<double> a4, ReadOnlySpan<double> a6, double b2, double b4, double b6)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = (b6 * a6[i]) + (b4 * a4[i]) + (b2 * a2[i]);
        }
    }

    private static void AddToDiagonal(Span<double> x, int n, double b)
    {
        for (int i = 0; i < n; i++)
        {
            x[(i * n) + i] += b;
        }
    }

    // The largest sum of a column's sizes; NaN and infinities show in it.
    private static double OneNorm(ReadOnlySpan<double> a, int n)
    {
        double norm = 0;
        for (int j = 0; j < n; j++)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                sum += Math.Abs(a[(i * n) + j]);
            }

            norm = Math.Max(norm, sum);
        }

        return norm;
    }
}
