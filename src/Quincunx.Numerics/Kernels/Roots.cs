using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Roots of unity to nearly the last bit: angles are brought into the first octant as whole numbers, before anything is rounded.</summary>
internal static class Roots
{
    /// <summary>exp(-2πi j k / n) for j below rows and k below columns, row-major.</summary>
    public static (T[] Real, T[] Imaginary) Of<T>(int n, int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (real, imaginary) = (new T[rows * columns], new T[rows * columns]);
        for (int j = 0; j < rows; j++)
        {
            for (int k = 0; k < columns; k++)
            {
                (double c, double s) = Of((long)j * k % n, n);
                (real[(j * columns) + k], imaginary[(j * columns) + k]) = (T.CreateTruncating(c), T.CreateTruncating(s));
            }
        }

        return (real, imaginary);
    }

    /// <summary>exp(-2πi j / n) for j from 0 to n - 1.</summary>
    public static (double Real, double Imaginary) Of(long j, long n)
    {
        // The angle is 2π eighths / (8 n), mirrored at π, at π/2 and at π/4.
        long eighths = 8 * j;
        bool below = eighths <= 4 * n;
        eighths = below ? eighths : (8 * n) - eighths;
        bool right = eighths <= 2 * n;
        eighths = right ? eighths : (4 * n) - eighths;
        bool flat = eighths <= n;
        eighths = flat ? eighths : (2 * n) - eighths;
        (double s, double c) = Math.SinCos(Math.PI * eighths / (4.0 * n));
        (c, s) = flat ? (c, s) : (s, c);
        return (right ? c : -c, below ? -s : s);
    }
}
