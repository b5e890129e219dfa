using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Values of one element's rational-quadratic splines from their pieces.</summary>
internal static unsafe class RationalQuadraticValue<T, TRegister>
    where T : unmanaged
    where TRegister : struct, IRegister<TRegister, T>
{
    /// <summary>f, and log f′ added to the sums; outside ±bound the identity.</summary>
    /// <typeparam name="TInverse">1 for f⁻¹ instead of f.</typeparam>
    /// <param name="x">The element's row.</param>
    /// <param name="y">Its row of the result.</param>
    /// <param name="sums">Registers, one after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Map<TInverse>(ColumnTile tile, T* x, double bound, T* piece, T* y, T* sums)
        where TInverse : struct, INumber
    {
        TRegister zero = TRegister.Of(0), one = TRegister.Of(1), smallest = TRegister.Of(RationalQuadraticKernel.SmallestSlope);
        TRegister limit = TRegister.Of(bound), span = TRegister.Of(2 * bound);
        for (nint at = tile.From; at < tile.To; at += TRegister.Count)
        {
            nint column = nint.Min(at, tile.Columns - TRegister.Count);
            TRegister value = TRegister.Load(x + column);
            TRegister knotX = TRegister.MultiplyAdd(TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.X * TRegister.Count)), span, -limit);
            TRegister knotY = TRegister.MultiplyAdd(TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Y * TRegister.Count)), span, -limit);
            TRegister width = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Width * TRegister.Count)) * span;
            TRegister height = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Height * TRegister.Count)) * span;
            TRegister left = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Left * TRegister.Count)) + smallest;
            TRegister right = TRegister.Load(piece + (RationalQuadraticPiece<T, TRegister>.Right * TRegister.Count)) + smallest;
            TRegister s = height / width, bend = left + right - (s + s), xi;
            if (TInverse.Value == 1)
            {
                // The root of a ξ² + b ξ + c in the form that does not cancel (equation 8). The order of the operands keeps NaN.
                TRegister rise = value - knotY, a = TRegister.MultiplyAdd(height, s - left, rise * bend), c = -s * rise;
                TRegister b = TRegister.MultiplyAdd(height, left, -(rise * bend)), discriminant = TRegister.MultiplyAdd(b, b, TRegister.Of(-4) * a * c);
                xi = TRegister.Min(one, TRegister.Max(zero, (c + c) / (-b - TRegister.Sqrt(TRegister.Max(zero, discriminant)))));
            }
            else
            {
                xi = (value - knotX) / width;
            }

            TRegister rest = one - xi, mixed = xi * rest, inverseD = one / TRegister.MultiplyAdd(bend, mixed, s), ratio = s * inverseD;
            TRegister q = TRegister.MultiplyAdd(right * xi, xi, TRegister.MultiplyAdd(left * rest, rest, (s + s) * mixed));
            TRegister log = TRegister.Log(ratio * ratio * q);
            TRegister image = TInverse.Value == 1
                ? TRegister.MultiplyAdd(xi, width, knotX)
                : TRegister.MultiplyAdd(height * TRegister.MultiplyAdd(s * xi, xi, left * mixed), inverseD, knotY);
            TRegister inside = TRegister.Less(TRegister.Abs(value), limit);
            TRegister.Select(inside, image, value).Store(y + column);
            log = TRegister.Select(inside, log, TRegister.Select(TRegister.AreEqual(value, value), zero, value));
            (TRegister.Load(sums) + log).Store(sums);
            sums += TRegister.Count;
            piece += RationalQuadraticPiece<T, TRegister>.Rows * TRegister.Count;
        }
    }
}
