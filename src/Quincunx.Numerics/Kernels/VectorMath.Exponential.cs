using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

internal static partial class VectorMath<T, TVector, TLanes>
{
    private const double Log2E = 1.4426950408889634;

    // log 2 in two parts, the first with enough zeros at its end that its product with an exponent is exact.
    private const double Log2High = 6.93147180369123816490e-01, Log2Low = 1.90821492927058770002e-10;
    private const float Log2HighSingle = 0.693359375f, Log2LowSingle = -2.12194440e-4f;

    [MethodImpl(Inline)]
    internal static TVector Exp(TVector x)
    {
        // Beyond these limits the result is infinity or zero, and the limits give that. NaN passes.
        TVector inside = TLanes.MaxNative(TLanes.Constant(-105f, -746), TLanes.MinNative(TLanes.Constant(90f, 711), x));
        TVector n = Reduce(inside, out TVector part);
        return TLanes.Scale(TLanes.Add(One, part), n);
    }

    /// <summary>exp(x) - 1, accurate near 0 too.</summary>
    [MethodImpl(Inline)]
    internal static TVector Expm1(TVector x)
    {
        // At the lower limit the result rounds to -1.
        TVector inside = TLanes.MaxNative(TLanes.Constant(-20f, -40), TLanes.MinNative(TLanes.Constant(90f, 711), x));
        TVector n = Reduce(inside, out TVector part);

        // 2ⁿ (part + (1 - 2⁻ⁿ)): exact for n = 0. A 2⁻ⁿ that no longer counts is not made smaller, which keeps it normal.
        TVector inverse = PowerOfTwo(TLanes.Negate(TLanes.MinNative(n, Constant(64))));
        TVector result = TLanes.Scale(TLanes.Add(part, TLanes.Subtract(One, inverse)), n);
        return TLanes.Select(TLanes.AreEqual(x, TLanes.Zero), x, result);
    }

    [MethodImpl(Inline)]
    internal static TVector Tanh(TVector x)
    {
        // -e / (2 + e) with e = exp(-2 |x|) - 1, which is -1 to the last digit from the limit on. There n is small enough for one factor.
        TVector inside = TLanes.MinNative(TLanes.Constant(10, 20), TLanes.Abs(x));
        TVector n = Reduce(TLanes.Multiply(Constant(-2), inside), out TVector part);
        TVector power = PowerOfTwo(n);
        TVector e = TLanes.MultiplyAdd(part, power, TLanes.Subtract(power, One));
        return WithSignOf(TLanes.Divide(e, TLanes.Add(Constant(2), e)), x);
    }

    /// <summary>1 / (1 + exp(-x)), accurate in relative terms on both sides.</summary>
    [MethodImpl(Inline)]
    internal static TVector Sigmoid(TVector x)
    {
        TVector e = Exp(TLanes.Or(x, SignBit)), sum = TLanes.Add(One, e);
        TVector result = TLanes.Divide(TLanes.Select(TLanes.LessOrEqual(TLanes.Zero, x), One, e), sum);

        // What 1 + e dropped, times about 1 / (1 + e): without it the error is near two and a half units.
        TVector dropped = TLanes.Subtract(e, TLanes.Subtract(sum, One));
        TVector share = TLanes.Multiply(dropped, TLanes.MultiplyAdd(Constant(-0.5), e, One));
        return TLanes.Subtract(result, TLanes.Multiply(result, share));
    }

    /// <summary>exp(x + y) for a y up to 1/8 in size, without rounding the sum; for |x| whose exponential is in range.</summary>
    [MethodImpl(Inline)]
    private static TVector ExpOfSum(TVector x, TVector y)
    {
        TVector n = TLanes.Subtract(TLanes.MultiplyAdd(x, Constant(Log2E), Shift), Shift);
        TVector r = TLanes.MultiplyAdd(n, TLanes.Constant(-Log2HighSingle, -Log2High), x);
        r = TLanes.Add(TLanes.MultiplyAdd(n, TLanes.Constant(-Log2LowSingle, -Log2Low), r), y);
        return TLanes.Scale(TLanes.Add(One, TLanes.MultiplyAdd(TLanes.Multiply(r, r), Series(r), r)), n);
    }

    // x = n log 2 + r with |r| at most log(2) / 2; part = exp(r) - 1.
    [MethodImpl(Inline)]
    private static TVector Reduce(TVector x, out TVector part)
    {
        TVector n = TLanes.Subtract(TLanes.MultiplyAdd(x, Constant(Log2E), Shift), Shift);
        TVector high = TLanes.MultiplyAdd(n, TLanes.Constant(-Log2HighSingle, -Log2High), x);
        TVector low = TLanes.Constant(-Log2LowSingle, -Log2Low);
        TVector r = TLanes.MultiplyAdd(n, low, high);

        // What r dropped. Its weight in the result is that of r's own last digit.
        TVector dropped = TLanes.MultiplyAdd(n, low, TLanes.Subtract(high, r));
        part = TLanes.Add(r, TLanes.MultiplyAdd(TLanes.Multiply(r, r), Series(r), dropped));
        return n;
    }

    // (exp(r) - 1 - r) / r² by the series of r^j / j!; the first term left out is below 5e-9 of the sum (double: 5e-18) for |r| up to
    // log(2) / 2, and for float 3e-8 up to 1/8 beyond.
    [MethodImpl(Inline)]
    private static TVector Series(TVector r)
    {
        TVector square = TLanes.Multiply(r, r), series;
        if (IsSingle)
        {
            series = Line(r, 1.0 / 720, 1.0 / 5040);
        }
        else
        {
            series = Line(r, 1.0 / 479001600, 1.0 / 6227020800);
            series = TLanes.MultiplyAdd(series, square, Line(r, 1.0 / 3628800, 1.0 / 39916800));
            series = TLanes.MultiplyAdd(series, square, Line(r, 1.0 / 40320, 1.0 / 362880));
            series = TLanes.MultiplyAdd(series, square, Line(r, 1.0 / 720, 1.0 / 5040));
        }

        series = TLanes.MultiplyAdd(series, square, Line(r, 1.0 / 24, 1.0 / 120));
        return TLanes.MultiplyAdd(series, square, Line(r, 1.0 / 2, 1.0 / 6));
    }
}
