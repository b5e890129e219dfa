namespace Quincunx.Numerics.Autodiff.Forward;

// Trigonometric and hyperbolic functions and their inverses.
public readonly partial struct Dual<TTangent>
{
    public static Dual<TTangent> Sin(Dual<TTangent> x) => SinCos(x).Sin;

    public static Dual<TTangent> Cos(Dual<TTangent> x) => SinCos(x).Cos;

    public static (Dual<TTangent> Sin, Dual<TTangent> Cos) SinCos(Dual<TTangent> x)
    {
        (double sin, double cos) = Math.SinCos(x.Value);
        return (Chain(sin, cos, x), Chain(cos, -sin, x));
    }

    public static Dual<TTangent> Tan(Dual<TTangent> x)
    {
        double y = Math.Tan(x.Value);
        return Chain(y, 1 + (y * y), x);
    }

    public static Dual<TTangent> SinPi(Dual<TTangent> x) => SinCosPi(x).SinPi;

    public static Dual<TTangent> CosPi(Dual<TTangent> x) => SinCosPi(x).CosPi;

    public static (Dual<TTangent> SinPi, Dual<TTangent> CosPi) SinCosPi(Dual<TTangent> x)
    {
        (double sin, double cos) = double.SinCosPi(x.Value);
        return (Chain(sin, Math.PI * cos, x), Chain(cos, -Math.PI * sin, x));
    }

    public static Dual<TTangent> TanPi(Dual<TTangent> x)
    {
        double y = double.TanPi(x.Value);
        return Chain(y, Math.PI * (1 + (y * y)), x);
    }

    public static Dual<TTangent> Asin(Dual<TTangent> x) => Chain(Math.Asin(x.Value), ArcSlope(x.Value), x);

    public static Dual<TTangent> AsinPi(Dual<TTangent> x) => Chain(double.AsinPi(x.Value), ArcSlope(x.Value) / Math.PI, x);

    public static Dual<TTangent> Acos(Dual<TTangent> x) => Chain(Math.Acos(x.Value), -ArcSlope(x.Value), x);

    public static Dual<TTangent> AcosPi(Dual<TTangent> x) => Chain(double.AcosPi(x.Value), -ArcSlope(x.Value) / Math.PI, x);

    public static Dual<TTangent> Atan(Dual<TTangent> x) => Chain(Math.Atan(x.Value), 1 / (1 + (x.Value * x.Value)), x);

    public static Dual<TTangent> AtanPi(Dual<TTangent> x) => Chain(double.AtanPi(x.Value), 1 / (Math.PI * (1 + (x.Value * x.Value))), x);

    /// <summary>The angle of the point (x, y). At the origin it has no derivative: NaN.</summary>
    public static Dual<TTangent> Atan2(Dual<TTangent> y, Dual<TTangent> x) => Angle(Math.Atan2(y.Value, x.Value), 1, y, x);

    public static Dual<TTangent> Atan2Pi(Dual<TTangent> y, Dual<TTangent> x) => Angle(double.Atan2Pi(y.Value, x.Value), 1 / Math.PI, y, x);

    public static Dual<TTangent> Sinh(Dual<TTangent> x) => Chain(Math.Sinh(x.Value), Math.Cosh(x.Value), x);

    public static Dual<TTangent> Cosh(Dual<TTangent> x) => Chain(Math.Cosh(x.Value), Math.Sinh(x.Value), x);

    public static Dual<TTangent> Tanh(Dual<TTangent> x)
    {
        // 1 - y² would have no digits left where y is close to 1.
        double cosh = Math.Cosh(x.Value);
        return Chain(Math.Tanh(x.Value), 1 / cosh / cosh, x);
    }

    public static Dual<TTangent> Asinh(Dual<TTangent> x) => Chain(Math.Asinh(x.Value), 1 / double.Hypot(1, x.Value), x);

    public static Dual<TTangent> Acosh(Dual<TTangent> x) => Chain(Math.Acosh(x.Value), 1 / (Math.Sqrt(x.Value - 1) * Math.Sqrt(x.Value + 1)), x);

    public static Dual<TTangent> Atanh(Dual<TTangent> x) => Chain(Math.Atanh(x.Value), 1 / ((1 - x.Value) * (1 + x.Value)), x);

    private static double ArcSlope(double x) => 1 / Math.Sqrt((1 - x) * (1 + x));

    // Divided twice, since the square of the radius may overflow or vanish.
    private static Dual<TTangent> Angle(double value, double unit, Dual<TTangent> y, Dual<TTangent> x)
    {
        double radius = double.Hypot(x.Value, y.Value), scale = unit / radius;
        return Chain(value, x.Value / radius * scale, y, -(y.Value / radius) * scale, x);
    }
}
