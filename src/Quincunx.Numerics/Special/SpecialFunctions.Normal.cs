using MathNetSpecial = MathNet.Numerics.SpecialFunctions;

namespace Quincunx.Numerics.Special;

public static partial class SpecialFunctions
{
    private const double Sqrt2 = 1.41421356237309504880;

    /// <summary>The error function; relative error below 3e-16.</summary>
    public static double Erf(double x) => double.IsNaN(x) ? x : MathNetSpecial.Erf(x);

    /// <summary>The complementary error function; relative error below 3e-15 down to the smallest positive numbers.</summary>
    public static double Erfc(double x) => double.IsNaN(x) ? x : double.IsPositiveInfinity(x) ? 0 : MathNetSpecial.Erfc(x);

    /// <summary>x with erfc(x) = y, for y in [0, 2]; relative error below 1e-15.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="y"/> is not in [0, 2].</exception>
    public static double ErfcInv(double y) => !(y >= 0 && y <= 2)
        ? throw new ArgumentOutOfRangeException(nameof(y), y, "Expected a number in [0, 2].")
        : y is 0 or 2 ? (y == 0 ? double.PositiveInfinity : double.NegativeInfinity)
        : MathNetSpecial.ErfcInv(y);

    /// <summary>log of the standard normal density.</summary>
    public static double NormalLogPdf(double x) => -0.5 * x * x - HalfLog2Pi;

    /// <summary>Standard normal distribution function; relative error below 3e-15 as far as it is a normal number (x above -37.5).</summary>
    public static double NormalCdf(double x)
    {
        if (x > -5 || double.IsNaN(x))
        {
            return 0.5 * Erfc(-x / Sqrt2);
        }

        if (x < -39)
        {
            return 0;
        }

        // x² in two exact-enough pieces (W. J. Cody): rounding x² itself would cost x² units in the last place.
        double coarse = Math.Round(x * 16) / 16;
        double density = Math.Exp(-0.5 * coarse * coarse) * Math.Exp(-0.5 * (x - coarse) * (x + coarse));
        return density * (0.39894228040143267794 * MillsRatio(-x));
    }

    /// <summary>log of <see cref="NormalCdf"/>, finite for every finite x above -1e154; relative error below 1e-14.</summary>
    public static double NormalLogCdf(double x)
    {
        if (x > 0)
        {
            return Log1p(-NormalCdf(-x));
        }

        return x > -5 || double.IsNaN(x) ? Math.Log(NormalCdf(x))
            : double.IsNegativeInfinity(x) ? x
            : NormalLogPdf(x) + Math.Log(MillsRatio(-x));
    }

    /// <summary>x with Φ(x) = p; infinite at 0 and 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not in [0, 1].</exception>
    public static double NormalQuantile(double p)
    {
        CheckProbability(p, nameof(p));
        return -Sqrt2 * ErfcInv(2 * p);
    }

    /// <summary>log(Φ(b) - Φ(a)) for a below b, either may be infinite; without cancellation in the tails or for a narrow interval.</summary>
    /// <remarks>Relative error of the probability about 1e-13 or the effect of rounding a and b, whichever is larger.</remarks>
    public static double NormalLogInterval(double a, double b)
    {
        if (double.IsNaN(a + b) && (double.IsNaN(a) || double.IsNaN(b)))
        {
            return double.NaN;
        }

        if (!(a < b))
        {
            return a == b ? double.NegativeInfinity : double.NaN;
        }

        if ((b - a) * (1 + Math.Max(Math.Abs(a), Math.Abs(b))) < 2)
        {
            return NarrowLogInterval(0.5 * (a + b), 0.5 * (b - a));
        }

        if (a > 0)
        {
            (a, b) = (-b, -a);
        }

        return b <= 0 ? LogSubExp(NormalLogCdf(b), NormalLogCdf(a))
            : a <= 0 && b > 1 && a < -1 ? Log1p(-(NormalCdf(a) + NormalCdf(-b)))
            : Math.Log(0.5 * (Erf(b / Sqrt2) - Erf(a / Sqrt2)));
    }

    // Φ(-t) / φ(t) for t ≥ 5 by Laplace's continued fraction 1/(t + 1/(t + 2/(t + 3/...))); at t = 5 the 24th tail is below 1e-17.
    private static double MillsRatio(double t)
    {
        double tail = t;
        for (int k = 24; k >= 1; k--)
        {
            tail = t + k / tail;
        }

        return 1 / tail;
    }

    // φ(m) ∫ exp(-m s - s²/2) ds over |s| < h, folded to 2 ∫₀ʰ cosh(m s) exp(-s²/2) ds, by 10-point Gauss-Legendre: with h (1 + m) < 1
    // the integrand is entire and slow, and the rule exact to rounding.
    private static double NarrowLogInterval(double middle, double half)
    {
        double sum = 0;
        for (int i = 0; i < GaussNode.Length; i++)
        {
            double s = half * 0.5 * (1 + GaussNode[i]), r = half * 0.5 * (1 - GaussNode[i]);
            sum += GaussWeight[i] * (Math.Cosh(middle * s) * Math.Exp(-0.5 * s * s) + Math.Cosh(middle * r) * Math.Exp(-0.5 * r * r));
        }

        return NormalLogPdf(middle) + Math.Log(half) + Math.Log(sum);
    }

    // Positive nodes and weights of the 10-point rule on [-1, 1] (Abramowitz and Stegun 25.4.30).
    private static ReadOnlySpan<double> GaussNode =>
        [0.14887433898163121088, 0.43339539412924719080, 0.67940956829902440623, 0.86506336668898451073, 0.97390652851717172008];

    private static ReadOnlySpan<double> GaussWeight =>
        [0.29552422471475287017, 0.26926671930999635509, 0.21908636251598204400, 0.14945134915058059315, 0.06667134430868813759];
}
