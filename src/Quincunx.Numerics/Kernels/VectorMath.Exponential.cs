using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

internal static partial class VectorMath
{
    private const double Log2E = 1.4426950408889634;

    // log 2 in two parts, the first with enough zeros at its end that its product with an exponent is exact.
    private const double Log2High = 6.93147180369123816490e-01, Log2Low = 1.90821492927058770002e-10;
    private const float Log2HighSingle = 0.693359375f, Log2LowSingle = -2.12194440e-4f;

    // Adding 1.5 * 2^(fraction bits) puts a rounded integer into the low bits.
    private const double Shift = 6755399441055744.0;
    private const float ShiftSingle = 12582912f;

    // 1 / n! from n = 2 upward: |r| is at most log(2) / 2, and the first term left out is below 5e-18 (float: 5e-9) of the sum.
    private static ReadOnlySpan<double> InverseFactorials =>
    [
        1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800,
        1.0 / 479001600, 1.0 / 6227020800,
    ];

    private static ReadOnlySpan<float> InverseFactorialsSingle =>
        [1f / 2, 1f / 6, 1f / 24, 1f / 120, 1f / 720, 1f / 5040];

    [MethodImpl(Inline)]
    internal static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged
    {
        // Beyond these limits the result is infinity or zero, and the limits give that.
        Vector<T> inside = Vector.MaxNative(Vector.MinNative(x, Constant<T>(90f, 711)), Constant<T>(-105f, -746));
        Vector<T> n = Reduce(inside, out Vector<T> part);
        Vector<T> result = Scale(Vector<T>.One + part, n);
        return Vector.ConditionalSelect(Vector.Equals(x, x), result, x);
    }

    /// <summary>exp(x) - 1, accurate near 0 too.</summary>
    [MethodImpl(Inline)]
    internal static Vector<T> Expm1<T>(Vector<T> x)
        where T : unmanaged
    {
        // At the lower limit the result rounds to -1.
        Vector<T> inside = Vector.MaxNative(Vector.MinNative(x, Constant<T>(90f, 711)), Constant<T>(-20f, -40));
        Vector<T> n = Reduce(inside, out Vector<T> part);

        // 2ⁿ (part + (1 - 2⁻ⁿ)): exact for n = 0. A 2⁻ⁿ that no longer counts is not made smaller, which keeps it normal.
        Vector<T> inverse = PowerOfTwo(-Vector.MinNative(n, Constant<T>(64)));
        Vector<T> result = Scale(part + (Vector<T>.One - inverse), n);
        return Vector.ConditionalSelect(Vector.Equals(x, x) & ~Vector.Equals(x, Vector<T>.Zero), result, x);
    }

    [MethodImpl(Inline)]
    internal static Vector<T> Tanh<T>(Vector<T> x)
        where T : unmanaged
    {
        Vector<T> size = Vector.Abs(x);
        Vector<T> e = Expm1(Constant<T>(-2) * size);
        Vector<T> sign = Constant<T>(-0f, -0.0);
        Vector<T> result = -e / (Constant<T>(2) + e);
        return (x & sign) | Vector.AndNot(result, sign);
    }

    /// <summary>1 / (1 + exp(-x)), accurate in relative terms on both sides.</summary>
    [MethodImpl(Inline)]
    internal static Vector<T> Sigmoid<T>(Vector<T> x)
        where T : unmanaged
    {
        Vector<T> e = Exp(-Vector.Abs(x));
        Vector<T> above = Vector.GreaterThanOrEqual(x, Vector<T>.Zero);
        return Vector.ConditionalSelect(above, Vector<T>.One, e) / (Vector<T>.One + e);
    }

    // x = n log 2 + r with |r| at most log(2) / 2; part = exp(r) - 1.
    [MethodImpl(Inline)]
    private static Vector<T> Reduce<T>(Vector<T> x, out Vector<T> part)
        where T : unmanaged
    {
        Vector<T> shift = Constant<T>(ShiftSingle, Shift);
        Vector<T> n = (x * Constant<T>(Log2E)) + shift - shift;
        Vector<T> r = x - (n * Constant<T>(Log2HighSingle, Log2High));
        Vector<T> low = n * Constant<T>(Log2LowSingle, Log2Low);
        Vector<T> reduced = r - low;

        // What the last subtraction dropped. Its weight in the result is that of r's own last digit.
        Vector<T> dropped = (r - reduced) - low;
        Vector<T> series = Polynomial(Table<T>(InverseFactorialsSingle, InverseFactorials), reduced);
        part = reduced + MultiplyAdd(reduced * reduced, series, dropped);
        return n;
    }

    // In two steps, so that results below the normal numbers are reached and 2¹⁰²⁴ is not needed.
    [MethodImpl(Inline)]
    private static Vector<T> Scale<T>(Vector<T> value, Vector<T> n)
        where T : unmanaged
    {
        Vector<T> shift = Constant<T>(ShiftSingle, Shift);
        Vector<T> half = (n * Constant<T>(0.5)) + shift - shift;
        return value * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // 2ⁿ for an integer n whose power is a normal number.
    [MethodImpl(Inline)]
    private static Vector<T> PowerOfTwo<T>(Vector<T> n)
        where T : unmanaged
        => typeof(T) == typeof(float)
            ? Vector.As<int, T>(Vector.ShiftLeft(Vector.As<T, int>(n + Constant<T>(ShiftSingle)) + Vector.Create(127), 23))
            : Vector.As<long, T>(Vector.ShiftLeft(Vector.As<T, long>(n + Constant<T>(Shift)) + Vector.Create(1023L), 52));
}
