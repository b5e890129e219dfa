using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

internal static partial class VectorMath
{
    // 2 / (2 j + 1) from j = 1: log((1 + s) / (1 - s)) = 2 s + s Σ 2 s^(2 j) / (2 j + 1), where s² is at most 0.0295.
    private static ReadOnlySpan<double> InverseOdds =>
        [2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21];

    private static ReadOnlySpan<float> InverseOddsSingle => [2f / 3, 2f / 5, 2f / 7, 2f / 9, 2f / 11];

    [MethodImpl(Inline)]
    internal static Vector<T> Log<T>(Vector<T> x)
        where T : unmanaged
    {
        // Numbers below the normal ones are scaled up by a power of two and their exponent is corrected.
        Vector<T> tiny = Vector.LessThan(x, Constant<T>(1.17549435e-38f, 2.2250738585072014e-308));
        Vector<T> scaled = Vector.ConditionalSelect(tiny, x * Constant<T>(33554432f, 18014398509481984), x);
        Vector<T> k = Split(scaled, out Vector<T> m) - (tiny & Constant<T>(25f, 54));

        // log m = f - s f + s R with m = 1 + f, s = f / (2 + f), and s f = f² / 2 - s f² / 2, in which only the last is rounded.
        Vector<T> f = m - Vector<T>.One;
        Vector<T> s = f / (Constant<T>(2) + f);
        Vector<T> z = s * s;
        Vector<T> rest = z * Polynomial(Table<T>(InverseOddsSingle, InverseOdds), z);
        Vector<T> half = Constant<T>(0.5) * f * f;
        Vector<T> low = MultiplyAdd(s, half + rest, k * Constant<T>(Log2LowSingle, Log2Low));
        Vector<T> result = (k * Constant<T>(Log2HighSingle, Log2High)) - ((half - low) - f);

        // Above all finite numbers, and NaN, the result is x; at 0 minus infinity; below 0 NaN.
        Vector<T> infinity = Constant<T>(double.PositiveInfinity);
        result = Vector.ConditionalSelect(Vector.LessThan(x, infinity), result, x);
        result = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Constant<T>(double.NaN), result);
        return Vector.ConditionalSelect(Vector.Equals(x, Vector<T>.Zero), -infinity, result);
    }

    /// <summary>log(1 + x), accurate near 0 too.</summary>
    [MethodImpl(Inline)]
    internal static Vector<T> Log1p<T>(Vector<T> x)
        where T : unmanaged
    {
        // u + dropped is 1 + x exactly (Knuth's sum, which holds whichever of the two is larger).
        Vector<T> u = Vector<T>.One + x;
        Vector<T> back = u - Vector<T>.One;
        Vector<T> dropped = (Vector<T>.One - (u - back)) + (x - back);
        Vector<T> corrected = Log(u) + (dropped / u);
        corrected = Vector.ConditionalSelect(Vector.Equals(u, Vector<T>.One), x, corrected);

        // At -1 and at infinity the correction is 0 / 0 or NaN and the logarithm alone is right.
        Vector<T> plain = Vector.Equals(u, Vector<T>.Zero) | Vector.Equals(u, Constant<T>(double.PositiveInfinity));
        return Vector.ConditionalSelect(plain, Log(u), corrected);
    }

    /// <summary>log(1 + exp(x)), without overflow and accurate in relative terms for very negative x.</summary>
    [MethodImpl(Inline)]
    internal static Vector<T> Softplus<T>(Vector<T> x)
        where T : unmanaged
    {
        // Max of x and 0 that keeps NaN; where x is NaN the sum is NaN anyway.
        Vector<T> above = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, Vector<T>.Zero);
        return above + Log1p(Exp(-Vector.Abs(x)));
    }

    // x = 2ᵏ m with m between √½ and √2.
    [MethodImpl(Inline)]
    private static Vector<T> Split<T>(Vector<T> x, out Vector<T> m)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Vector<int> bits = Vector.As<T, int>(x);
            Vector<int> k = Vector.ShiftRightArithmetic(bits - Vector.Create(0x3F3504F3), 23);
            m = Vector.As<int, T>(bits - Vector.ShiftLeft(k, 23));
            return Vector.As<float, T>(Vector.ConvertToSingle(k));
        }
        else
        {
            // The sign is extended by hand: 64-bit arithmetic shifts and conversions came late to processors.
            Vector<long> bits = Vector.As<T, long>(x);
            Vector<long> k = Vector.ShiftRightLogical(bits - Vector.Create(0x3FE6A09E667F3BCDL), 52);
            k = (k ^ Vector.Create(0x800L)) - Vector.Create(0x800L);
            m = Vector.As<long, T>(bits - Vector.ShiftLeft(k, 52));
            Vector<double> shift = Vector.Create(Shift);
            return Vector.As<double, T>(Vector.As<long, double>(k + Vector.As<double, long>(shift)) - shift);
        }
    }
}
