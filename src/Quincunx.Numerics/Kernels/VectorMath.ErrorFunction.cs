using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

internal static partial class VectorMath<T, TVector, TLanes>
{
    [MethodImpl(Inline)]
    internal static TVector Erf(TVector x)
    {
        // Beyond the limit the result rounds to 1.
        TVector near = TLanes.Multiply(x, ErfSeries(TLanes.Multiply(x, x)));
        TVector a = TLanes.MinNative(TLanes.Constant(6, 9), TLanes.Multiply(TLanes.Abs(x), Constant(1.4142135623730951)));
        TVector far = TLanes.MultiplyAdd(Constant(-2), NormalTail(a), One);
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), One), near, WithSignOf(far, x));
    }

    /// <summary>The standard normal distribution function, accurate in relative terms in its lower tail.</summary>
    [MethodImpl(Inline)]
    internal static TVector NormalCdf(TVector x)
    {
        // Near 0 the large alternating terms of the mapped series cost digits: there 1/2 + erf(x / √2) / 2.
        TVector near = TLanes.MultiplyAdd(
            TLanes.Multiply(x, Constant(0.35355339059327373)), ErfSeries(TLanes.Multiply(TLanes.Multiply(Constant(0.5), x), x)), Constant(0.5));

        // Above 9 the result rounds to 1, and below the other limit to 0.
        TVector a = TLanes.MaxNative(TLanes.Negate(x), TLanes.MinNative(Constant(9), x));
        TVector tail = NormalTail(TLanes.MinNative(TLanes.Constant(15, 40), a));
        TVector far = TLanes.Select(TLanes.Less(TLanes.Zero, x), TLanes.Subtract(One, tail), tail);
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), One), near, far);
    }

    /// <summary>x Φ(x); its limit 0 at minus infinity.</summary>
    [MethodImpl(Inline)]
    internal static TVector Gelu(TVector x) => ZeroAtMinusInfinity(x, TLanes.Multiply(x, NormalCdf(x)));

    /// <summary>x / (1 + exp(-x)); its limit 0 at minus infinity.</summary>
    [MethodImpl(Inline)]
    internal static TVector Silu(TVector x) => ZeroAtMinusInfinity(x, TLanes.Multiply(x, Sigmoid(x)));

    [MethodImpl(Inline)]
    private static TVector ZeroAtMinusInfinity(TVector x, TVector result) =>
        TLanes.AndNot(result, TLanes.AreEqual(x, Constant(double.NegativeInfinity)));

    // Q(a) = ½ erfc(a / √2) for a from 0 to 15 (double: 40); NaN stays.
    [MethodImpl(Inline)]
    private static TVector NormalTail(TVector a)
    {
        TVector t = TLanes.Divide(TLanes.Subtract(a, Constant(4)), TLanes.Add(a, Constant(4)));
        TVector scaled = TLanes.Divide(ScaledTail(t), TLanes.MultiplyAdd(Constant(2), a, One));

        // a² = high² + (a - high)(a + high) with a short high, so that high² is exact: rounding a² would cost a² / 2 units.
        TVector high = TLanes.And(a, TLanes.BitsConstant(~0xFFF, ~0x7FFFFFFL));
        TVector half = TLanes.Multiply(Constant(-0.5), high);
        TVector rest = TLanes.Multiply(TLanes.Multiply(Constant(-0.5), TLanes.Subtract(a, high)), TLanes.Add(a, high));
        return TLanes.Multiply(scaled, ExpOfSum(TLanes.Multiply(half, high), rest));
    }

    // (1 + 2 a) exp(a² / 2) Q(a), Q the upper tail of the standard normal, as a polynomial in t = (a - 4) / (a + 4): the mapping of
    // M. M. Shepherd and J. G. Laframboise 1981, Math. Comp. 36, 249. Interpolated by us at Chebyshev nodes for a from 0 to 40
    // (float: 15) with 300-bit arithmetic; relative error 1.6e-17 (float: 6e-9).
    [MethodImpl(Inline)]
    private static TVector ScaledTail(TVector t)
    {
        TVector square = TLanes.Multiply(t, t), sum;
        if (IsSingle)
        {
            sum = TLanes.MultiplyAdd(square, Constant(-0.000156355072), Line(t, 0.00155495313, -7.8453872e-05));
            sum = TLanes.MultiplyAdd(square, sum, Line(t, -0.0105085562, -0.00124821688));
            sum = TLanes.MultiplyAdd(square, sum, Line(t, -0.0952607469, 0.0443738049));
            sum = TLanes.MultiplyAdd(square, sum, Line(t, -0.0963799706, 0.12890717));
            return TLanes.MultiplyAdd(square, sum, Line(t, 0.849695771, -0.0230092056));
        }

        sum = Line(t, -2.8407375015824894e-09, -1.6307358927162806e-09);
        sum = TLanes.MultiplyAdd(square, sum, Line(t, 3.4915031914168804e-08, 1.3986418270722086e-08));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, -2.309167686785687e-07, -5.087189256544824e-08));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, 1.1976852459117837e-06, 5.49670275175014e-08));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, -5.887017682283024e-06, 6.034080746306395e-07));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, 3.155718043840732e-05, -6.0351495677581995e-06));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, -0.0002043546840899058, 3.786857946727623e-05));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, 0.0015769784742980433, -0.0001433056195533259));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, -0.010512319256726677, -0.001210060047104296));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, -0.09526047896250885, 0.044364290441431586));
        sum = TLanes.MultiplyAdd(square, sum, Line(t, -0.09637998589041227, 0.12890813544483928));
        return TLanes.MultiplyAdd(square, sum, Line(t, 0.8496957717177204, -0.0230092331045962));
    }

    // erf(x) / x as a polynomial in x² for x up to 1, from the same source; relative error 8e-18 (float: 1.4e-9).
    [MethodImpl(Inline)]
    private static TVector ErfSeries(TVector square)
    {
        TVector fourth = TLanes.Multiply(square, square), sum;
        if (IsSingle)
        {
            sum = TLanes.MultiplyAdd(fourth, Constant(7.87587506e-05), Line(square, 0.00518908742, -0.000801686429));
            sum = TLanes.MultiplyAdd(fourth, sum, Line(square, 0.112835947, -0.026854212));
            return TLanes.MultiplyAdd(fourth, sum, Line(square, 1.12837917, -0.376126267));
        }

        sum = Line(square, 1.3720064546777686e-08, -7.795898827002142e-10);
        sum = TLanes.MultiplyAdd(fourth, sum, Line(square, 1.6447424703317362e-06, -1.6208483801871705e-07));
        sum = TLanes.MultiplyAdd(fourth, sum, Line(square, 0.00012055294904839707, -1.492473690741966e-05));
        sum = TLanes.MultiplyAdd(fourth, sum, Line(square, 0.0052239776071164225, -0.0008548325975389692));
        sum = TLanes.MultiplyAdd(fourth, sum, Line(square, 0.11283791670945006, -0.02686617064323777));
        return TLanes.MultiplyAdd(fourth, sum, Line(square, 1.1283791670955126, -0.37612638903183543));
    }
}
