using Quincunx.Numerics.Special;

namespace Quincunx.Numerics.Autodiff.Forward;

// Exponentials, logarithms, powers and roots.
public readonly partial struct Dual<TTangent>
{
    private const double Ln2 = 0.69314718055994530942, Ln10 = 2.3025850929940456840;

    public static Dual<TTangent> Exp(Dual<TTangent> x)
    {
        double y = Math.Exp(x.Value);
        return Chain(y, y, x);
    }

    /// <inheritdoc/>
    public static Dual<TTangent> ExpM1(Dual<TTangent> x) => Chain(SpecialFunctions.Expm1(x.Value), Math.Exp(x.Value), x);

    public static Dual<TTangent> Exp2(Dual<TTangent> x)
    {
        double y = double.Exp2(x.Value);
        return Chain(y, Ln2 * y, x);
    }

    /// <inheritdoc/>
    public static Dual<TTangent> Exp2M1(Dual<TTangent> x) => Chain(SpecialFunctions.Expm1(Ln2 * x.Value), Ln2 * double.Exp2(x.Value), x);

    public static Dual<TTangent> Exp10(Dual<TTangent> x)
    {
        double y = double.Exp10(x.Value);
        return Chain(y, Ln10 * y, x);
    }

    /// <inheritdoc/>
    public static Dual<TTangent> Exp10M1(Dual<TTangent> x) => Chain(SpecialFunctions.Expm1(Ln10 * x.Value), Ln10 * double.Exp10(x.Value), x);

    public static Dual<TTangent> Log(Dual<TTangent> x) => Chain(Math.Log(x.Value), 1 / x.Value, x);

    public static Dual<TTangent> Log(Dual<TTangent> x, Dual<TTangent> newBase)
    {
        double logBase = Math.Log(newBase.Value), y = Math.Log(x.Value, newBase.Value);
        return Chain(y, 1 / (x.Value * logBase), x, -y / (newBase.Value * logBase), newBase);
    }

    /// <inheritdoc/>
    public static Dual<TTangent> LogP1(Dual<TTangent> x) => Chain(SpecialFunctions.Log1p(x.Value), 1 / (1 + x.Value), x);

    public static Dual<TTangent> Log2(Dual<TTangent> x) => Chain(Math.Log2(x.Value), 1 / (Ln2 * x.Value), x);

    /// <inheritdoc/>
    public static Dual<TTangent> Log2P1(Dual<TTangent> x) => Chain(SpecialFunctions.Log1p(x.Value) / Ln2, 1 / (Ln2 * (1 + x.Value)), x);

    public static Dual<TTangent> Log10(Dual<TTangent> x) => Chain(Math.Log10(x.Value), 1 / (Ln10 * x.Value), x);

    /// <inheritdoc/>
    public static Dual<TTangent> Log10P1(Dual<TTangent> x) => Chain(SpecialFunctions.Log1p(x.Value) / Ln10, 1 / (Ln10 * (1 + x.Value)), x);

    /// <summary>xʸ. For negative x it has no derivative along y, so an exponent that moves gives NaN there.</summary>
    public static Dual<TTangent> Pow(Dual<TTangent> x, Dual<TTangent> y)
    {
        double power = Math.Pow(x.Value, y.Value);
        double slopeX = y.Value == 0 ? 0 : y.Value * Math.Pow(x.Value, y.Value - 1);
        double slopeY = power == 0 && x.Value >= 0 ? 0 : power * Math.Log(x.Value);     // 0ʸ stays 0
        return Chain(power, slopeX, x, slopeY, y);
    }

    public static Dual<TTangent> Sqrt(Dual<TTangent> x)
    {
        double y = Math.Sqrt(x.Value);
        return Chain(y, 0.5 / y, x);
    }

    public static Dual<TTangent> Cbrt(Dual<TTangent> x)
    {
        double y = Math.Cbrt(x.Value);
        return Chain(y, 1 / (3 * y * y), x);
    }

    public static Dual<TTangent> RootN(Dual<TTangent> x, int n)
    {
        double y = double.RootN(x.Value, n);
        return Chain(y, 1 / (n * Math.Pow(y, n - 1.0)), x);
    }

    /// <summary>√(x² + y²) without overflow; the derivative at the origin is taken as 0.</summary>
    public static Dual<TTangent> Hypot(Dual<TTangent> x, Dual<TTangent> y)
    {
        double length = double.Hypot(x.Value, y.Value);
        return length == 0 ? default : Chain(length, x.Value / length, x, y.Value / length, y);
    }
}
