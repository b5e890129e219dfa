using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

internal static partial class VectorMath<T, TVector, TLanes>
{
    [MethodImpl(Inline)]
    internal static TVector Log(TVector x)
    {
        // Numbers below the normal ones are scaled up by a power of two and their exponent is corrected.
        TVector tiny = TLanes.Less(x, TLanes.Constant(1.17549435e-38f, 2.2250738585072014e-308));
        TVector scaled = TLanes.Select(tiny, TLanes.Multiply(x, TLanes.Constant(33554432f, 18014398509481984)), x);
        TVector k = Split(scaled, out TVector m, out _);
        k = TLanes.Subtract(k, TLanes.And(tiny, TLanes.Constant(25f, 54)));
        TVector result = LogOf(TLanes.Subtract(m, One), k);

        // Above all finite numbers, and NaN, the result is x; at 0 minus infinity; below 0 NaN.
        TVector infinity = Constant(double.PositiveInfinity);
        result = TLanes.Select(TLanes.Less(x, infinity), result, x);
        result = TLanes.Select(TLanes.Less(x, TLanes.Zero), Constant(double.NaN), result);
        return TLanes.Select(TLanes.AreEqual(x, TLanes.Zero), TLanes.Negate(infinity), result);
    }

    /// <summary>log(1 + x), accurate near 0 too.</summary>
    [MethodImpl(Inline)]
    internal static TVector Log1p(TVector x)
    {
        TVector u = TLanes.Add(One, x);
        TVector k = Split(u, out _, out TVector shifted);

        // (1 + x) 2⁻ᵏ - 1 = x 2⁻ᵏ + (2⁻ᵏ - 1), rounded once, and exactly x for k = 0; 2⁻ᵏ below the normal numbers may as well be 0.
        // x is divided through its exponent, which k = 0 leaves alone and which is large enough for any other k.
        TVector inverse = TLanes.MaxNative(TLanes.SubtractBits(One, shifted), TLanes.Zero);
        TVector f = TLanes.Add(TLanes.SubtractBits(x, shifted), TLanes.Subtract(inverse, One));
        TVector result = LogOf(f, k);

        // Above all finite numbers, and NaN, the result is x; at -1 minus infinity; below NaN.
        TVector infinity = Constant(double.PositiveInfinity);
        result = TLanes.Select(TLanes.Less(x, infinity), result, x);
        result = TLanes.Select(TLanes.Less(u, TLanes.Zero), Constant(double.NaN), result);
        result = TLanes.Select(TLanes.AreEqual(u, TLanes.Zero), TLanes.Negate(infinity), result);
        return TLanes.Select(TLanes.AreEqual(x, TLanes.Zero), x, result);
    }

    /// <summary>log(1 + exp(x)), without overflow and accurate in relative terms for very negative x.</summary>
    [MethodImpl(Inline)]
    internal static TVector Softplus(TVector x)
    {
        TVector e = Exp(TLanes.Or(x, SignBit)), log;
        if (IsSingle)
        {
            // log(1 + e) = 2 artanh(s) = 2 s (1 + z Q(z)) with s = e / (2 + e), z = s² up to 1/9, and Q by Remez's exchange: off by 4.5e-9.
            TVector s = TLanes.Divide(e, TLanes.Add(Constant(2), e));
            TVector z = TLanes.Multiply(s, s), twice = TLanes.Add(s, s);
            TVector series = TLanes.MultiplyAdd(TLanes.Multiply(z, z), Line(z, 0.14000903, 0.14005995), Line(z, 0.33333208, 0.20010764));
            log = TLanes.MultiplyAdd(twice, TLanes.Multiply(z, series), twice);
        }
        else
        {
            // 1 + e is from 1 to 2: k is 0 or 1.
            TVector upper = TLanes.Less(Constant(0.41421356237309515), e);
            TVector half = TLanes.MultiplyAdd(Constant(0.5), e, Constant(-0.5));
            log = LogOf(TLanes.Select(upper, half, e), TLanes.And(upper, One));
        }

        // NaN is in e.
        return TLanes.Add(TLanes.MaxNative(x, TLanes.Zero), log);
    }

    // log(1 + f) + k log 2 for 1 + f from √½ to √2, as k high - ((f² / 2 - rest) - f), in which rest is small and its rounding does not count.
    [MethodImpl(Inline)]
    private static TVector LogOf(TVector f, TVector k)
    {
        TVector low = TLanes.Multiply(k, TLanes.Constant(-Log2LowSingle, -Log2Low));
        TVector halved = TLanes.Multiply(Constant(0.5), f), tail;
        if (IsSingle)
        {
            // -(log(1 + f) - f + f² / 2) / f³ by Remez's exchange, its weight the share in the logarithm: off by 8e-10 of that.
            TVector square = TLanes.Multiply(f, f), fourth = TLanes.Multiply(square, square), series;
            series = TLanes.MultiplyAdd(square, Constant(-0.06747637), Line(f, -0.11888163, 0.11675651));
            series = TLanes.MultiplyAdd(fourth, series, TLanes.MultiplyAdd(square, Line(f, -0.14219553, 0.12405590), Line(f, -0.20002119, 0.16667996)));
            series = TLanes.MultiplyAdd(square, series, Line(f, -0.33333313, 0.25000010));
            tail = TLanes.MultiplyAdd(TLanes.Multiply(square, f), series, low);
        }
        else
        {
            // log((1 + s) / (1 - s)) = 2 s + s Σ 2 s^(2 j) / (2 j + 1), where s = f / (2 + f) and s² is at most 0.0295, and
            // 2 s = f - s f = f - f² / 2 + s f² / 2.
            TVector s = TLanes.Divide(f, TLanes.Add(Constant(2), f));
            TVector z = TLanes.Multiply(s, s), square = TLanes.Multiply(z, z), series;
            series = TLanes.MultiplyAdd(square, Line(z, -2.0 / 19, -2.0 / 21), Line(z, -2.0 / 15, -2.0 / 17));
            series = TLanes.MultiplyAdd(square, series, Line(z, -2.0 / 11, -2.0 / 13));
            series = TLanes.MultiplyAdd(square, series, Line(z, -2.0 / 7, -2.0 / 9));
            series = TLanes.MultiplyAdd(square, series, Line(z, -2.0 / 3, -2.0 / 5));
            TVector half = TLanes.Multiply(halved, f);
            tail = TLanes.MultiplyAdd(s, TLanes.Subtract(TLanes.Multiply(z, series), half), low);
        }

        TVector rest = TLanes.MultiplyAdd(halved, f, tail);
        return TLanes.MultiplyAdd(k, TLanes.Constant(Log2HighSingle, Log2High), TLanes.Subtract(f, rest));
    }

    // x = 2ᵏ m with m between √½ and √2, for a positive normal x; shifted: k at the place of the exponent.
    [MethodImpl(Inline)]
    private static TVector Split(TVector x, out TVector m, out TVector shifted)
    {
        // 1 - √½ in bits, so that the exponent of what is at least √½ 2ᵏ becomes that of 2ᵏ.
        TVector raised = TLanes.AddBits(x, TLanes.BitsConstant(0x3F800000 - 0x3F3504F3, 0x3FF0000000000000 - 0x3FE6A09E667F3BCD));
        TVector biased = TLanes.ShiftBitsRight(raised, FractionBits);
        shifted = TLanes.SubtractBits(TLanes.ShiftBitsLeft(biased, FractionBits), One);
        m = TLanes.SubtractBits(x, shifted);
        TVector shift = TLanes.Constant(ShiftSingle, ShiftDouble);
        return TLanes.Subtract(TLanes.AddBits(biased, shift), TLanes.Constant(ShiftSingle + 127, ShiftDouble + 1023));
    }
}
