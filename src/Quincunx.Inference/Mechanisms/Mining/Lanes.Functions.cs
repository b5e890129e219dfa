using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Mining;

// Functions, each hypothesis by itself.
internal readonly partial struct Lanes<TNumbers>
{
    public static Lanes<TNumbers> Acos(Lanes<TNumbers> x) => Map(x, static v => double.Acos(v));

    public static Lanes<TNumbers> AcosPi(Lanes<TNumbers> x) => Map(x, static v => double.AcosPi(v));

    public static Lanes<TNumbers> Acosh(Lanes<TNumbers> x) => Map(x, static v => double.Acosh(v));

    public static Lanes<TNumbers> Asin(Lanes<TNumbers> x) => Map(x, static v => double.Asin(v));

    public static Lanes<TNumbers> AsinPi(Lanes<TNumbers> x) => Map(x, static v => double.AsinPi(v));

    public static Lanes<TNumbers> Asinh(Lanes<TNumbers> x) => Map(x, static v => double.Asinh(v));

    public static Lanes<TNumbers> Atan(Lanes<TNumbers> x) => Map(x, static v => double.Atan(v));

    public static Lanes<TNumbers> AtanPi(Lanes<TNumbers> x) => Map(x, static v => double.AtanPi(v));

    public static Lanes<TNumbers> Atanh(Lanes<TNumbers> x) => Map(x, static v => double.Atanh(v));

    public static Lanes<TNumbers> Cbrt(Lanes<TNumbers> x) => Map(x, static v => double.Cbrt(v));

    public static Lanes<TNumbers> Cos(Lanes<TNumbers> x) => Map(x, static v => double.Cos(v));

    public static Lanes<TNumbers> CosPi(Lanes<TNumbers> x) => Map(x, static v => double.CosPi(v));

    public static Lanes<TNumbers> Cosh(Lanes<TNumbers> x) => Map(x, static v => double.Cosh(v));

    public static Lanes<TNumbers> Exp(Lanes<TNumbers> x) => Map(x, static v => double.Exp(v));

    public static Lanes<TNumbers> Exp10(Lanes<TNumbers> x) => Map(x, static v => double.Exp10(v));

    public static Lanes<TNumbers> Exp2(Lanes<TNumbers> x) => Map(x, static v => double.Exp2(v));

    public static Lanes<TNumbers> Log(Lanes<TNumbers> x) => Map(x, static v => double.Log(v));

    public static Lanes<TNumbers> Log10(Lanes<TNumbers> x) => Map(x, static v => double.Log10(v));

    public static Lanes<TNumbers> Log2(Lanes<TNumbers> x) => Map(x, static v => double.Log2(v));

    public static Lanes<TNumbers> Sin(Lanes<TNumbers> x) => Map(x, static v => double.Sin(v));

    public static Lanes<TNumbers> SinPi(Lanes<TNumbers> x) => Map(x, static v => double.SinPi(v));

    public static Lanes<TNumbers> Sinh(Lanes<TNumbers> x) => Map(x, static v => double.Sinh(v));

    public static Lanes<TNumbers> Sqrt(Lanes<TNumbers> x) => Map(x, static v => double.Sqrt(v));

    public static Lanes<TNumbers> Tan(Lanes<TNumbers> x) => Map(x, static v => double.Tan(v));

    public static Lanes<TNumbers> TanPi(Lanes<TNumbers> x) => Map(x, static v => double.TanPi(v));

    public static Lanes<TNumbers> Tanh(Lanes<TNumbers> x) => Map(x, static v => double.Tanh(v));

    public static Lanes<TNumbers> Abs(Lanes<TNumbers> x) => Map(x, static v => double.Abs(v));

    public static Lanes<TNumbers> BitIncrement(Lanes<TNumbers> x) => Map(x, static v => double.BitIncrement(v));

    public static Lanes<TNumbers> BitDecrement(Lanes<TNumbers> x) => Map(x, static v => double.BitDecrement(v));

    public static Lanes<TNumbers> Floor(Lanes<TNumbers> x) => Map(x, static v => double.Floor(v));

    public static Lanes<TNumbers> Ceiling(Lanes<TNumbers> x) => Map(x, static v => double.Ceiling(v));

    public static Lanes<TNumbers> Truncate(Lanes<TNumbers> x) => Map(x, static v => double.Truncate(v));

    public static Lanes<TNumbers> ReciprocalEstimate(Lanes<TNumbers> x) => Map(x, static v => double.ReciprocalEstimate(v));

    public static Lanes<TNumbers> ReciprocalSqrtEstimate(Lanes<TNumbers> x) => Map(x, static v => double.ReciprocalSqrtEstimate(v));

    public static Lanes<TNumbers> DegreesToRadians(Lanes<TNumbers> x) => Map(x, static v => double.DegreesToRadians(v));

    public static Lanes<TNumbers> RadiansToDegrees(Lanes<TNumbers> x) => Map(x, static v => double.RadiansToDegrees(v));

    public static Lanes<TNumbers> ExpM1(Lanes<TNumbers> x) => Map(x, static v => SpecialFunctions.Expm1(v));

    public static Lanes<TNumbers> LogP1(Lanes<TNumbers> x) => Map(x, static v => SpecialFunctions.Log1p(v));

    public static Lanes<TNumbers> Exp2M1(Lanes<TNumbers> x) => Map(x, static v => double.Exp2M1(v));

    public static Lanes<TNumbers> Exp10M1(Lanes<TNumbers> x) => Map(x, static v => double.Exp10M1(v));

    public static Lanes<TNumbers> Log2P1(Lanes<TNumbers> x) => Map(x, static v => double.Log2P1(v));

    public static Lanes<TNumbers> Log10P1(Lanes<TNumbers> x) => Map(x, static v => double.Log10P1(v));

    public static Lanes<TNumbers> Atan2(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.Atan2(a, b));

    public static Lanes<TNumbers> Atan2Pi(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.Atan2Pi(a, b));

    public static Lanes<TNumbers> Hypot(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.Hypot(a, b));

    public static Lanes<TNumbers> Pow(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.Pow(a, b));

    public static Lanes<TNumbers> Ieee754Remainder(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.Ieee754Remainder(a, b));

    public static Lanes<TNumbers> Max(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.Max(a, b));

    public static Lanes<TNumbers> Min(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.Min(a, b));

    public static Lanes<TNumbers> MaxNumber(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.MaxNumber(a, b));

    public static Lanes<TNumbers> MinNumber(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.MinNumber(a, b));

    public static Lanes<TNumbers> MaxMagnitude(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.MaxMagnitude(a, b));

    public static Lanes<TNumbers> MinMagnitude(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.MinMagnitude(a, b));

    public static Lanes<TNumbers> MaxMagnitudeNumber(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.MaxMagnitudeNumber(a, b));

    public static Lanes<TNumbers> MinMagnitudeNumber(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.MinMagnitudeNumber(a, b));

    public static Lanes<TNumbers> CopySign(Lanes<TNumbers> x, Lanes<TNumbers> y) => Map(x, y, static (a, b) => double.CopySign(a, b));

    public static Lanes<TNumbers> Log(Lanes<TNumbers> x, Lanes<TNumbers> newBase) => Map(x, newBase, static (a, b) => Math.Log(a, b));

    public static Lanes<TNumbers> RootN(Lanes<TNumbers> x, int n) => Map(x, v => double.RootN(v, n));

    public static Lanes<TNumbers> ScaleB(Lanes<TNumbers> x, int n) => Map(x, v => double.ScaleB(v, n));

    public static Lanes<TNumbers> Round(Lanes<TNumbers> x, int digits, MidpointRounding mode) => Map(x, v => Math.Round(v, digits, mode));

    public static (Lanes<TNumbers> Sin, Lanes<TNumbers> Cos) SinCos(Lanes<TNumbers> x) => (Sin(x), Cos(x));

    public static (Lanes<TNumbers> SinPi, Lanes<TNumbers> CosPi) SinCosPi(Lanes<TNumbers> x) => (SinPi(x), CosPi(x));

    public static Lanes<TNumbers> FusedMultiplyAdd(Lanes<TNumbers> left, Lanes<TNumbers> right, Lanes<TNumbers> addend) => (left * right) + addend;

    public static Lanes<TNumbers> MultiplyAddEstimate(Lanes<TNumbers> left, Lanes<TNumbers> right, Lanes<TNumbers> addend) => (left * right) + addend;

    public static Lanes<TNumbers> Clamp(Lanes<TNumbers> value, Lanes<TNumbers> min, Lanes<TNumbers> max) => Min(Max(value, min), max);
}
