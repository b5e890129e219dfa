namespace Quincunx.Numerics.Special;

public static partial class SpecialFunctions
{
    /// <summary>P(a, x): the distribution function of a gamma variable with shape a at x.</summary>
    /// <remarks>
    /// Series below a + 1, Lentz's continued fraction above (Numerical Recipes, section 6.2), with the leading factor in
    /// Loader's form: relative error below 2e-13 in the tails down to 1e-300. The cost grows as the root of a.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="a"/> is not positive and finite.</exception>
    public static double GammaP(double a, double x)
    {
        CheckShape(a, nameof(a));
        return double.IsNaN(x) ? x
            : x <= 0 ? 0
            : double.IsPositiveInfinity(x) ? 1
            : x < a + 1 ? GammaSeries(a, x) : 1 - GammaFraction(a, x);
    }

    /// <summary>Q(a, x) = 1 - P(a, x), accurate in relative terms in the upper tail (x above a + 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="a"/> is not positive and finite.</exception>
    public static double GammaQ(double a, double x)
    {
        CheckShape(a, nameof(a));
        return double.IsNaN(x) ? x
            : x <= 0 ? 1
            : double.IsPositiveInfinity(x) ? 0
            : x < a + 1 ? 1 - GammaSeries(a, x) : GammaFraction(a, x);
    }

    /// <summary>x with P(a, x) = p.</summary>
    /// <remarks>Newton's steps inside a shrinking bracket, on whichever of P and Q is smaller. 0 at p = 0, infinity at 1.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A shape is not positive or <paramref name="p"/> is not in [0, 1].</exception>
    public static double GammaQuantile(double p, double a)
    {
        CheckShape(a, nameof(a));
        CheckProbability(p, nameof(p));
        if (p is 0 or 1)
        {
            return p == 0 ? 0 : double.PositiveInfinity;
        }

        double z = NormalQuantile(p), t = 1 - 1 / (9 * a) + z / (3 * Math.Sqrt(a));
        double x = t > 0.2 ? a * t * t * t : Math.Exp((Math.Log(p) + LogGamma(a + 1)) / a);     // Wilson and Hilferty 1931; leading term
        double low = 0, high = double.PositiveInfinity;
        for (int i = 0; i < 300; i++)
        {
            double error = p <= 0.5 ? GammaP(a, x) - p : 1 - p - GammaQ(a, x);
            (low, high) = error < 0 ? (x, high) : (low, x);
            double density = a / x * Math.Exp(PoissonLogPmf(a, x));
            double next = x - error / density;
            if (error == 0 || Math.Abs(next - x) <= 4e-16 * x)      // before the bracket, which a converged step may touch
            {
                return next;
            }

            if (!(next > low && next < high))
            {
                next = double.IsInfinity(high) ? 2 * x : low == 0 ? high / 4 : low + 0.5 * (high - low);
            }

            x = next;
        }

        return x;
    }

    /// <summary>Distribution function of chi-squared with the given degrees of freedom.</summary>
    public static double ChiSquaredCdf(double x, double degreesOfFreedom) => GammaP(0.5 * degreesOfFreedom, 0.5 * x);

    /// <summary>Upper tail of chi-squared: the p-value of a statistic <paramref name="x"/>.</summary>
    public static double ChiSquaredSurvival(double x, double degreesOfFreedom) => GammaQ(0.5 * degreesOfFreedom, 0.5 * x);

    /// <summary>The number that chi-squared stays below with probability <paramref name="p"/>.</summary>
    public static double ChiSquaredQuantile(double p, double degreesOfFreedom) => 2 * GammaQuantile(p, 0.5 * degreesOfFreedom);

    /// <summary>The regularised incomplete beta function I_x(a, b): the distribution function of Beta(a, b) at x.</summary>
    /// <remarks>Continued fraction (Numerical Recipes, section 6.4) with Loader's leading factor; relative error below 1e-12.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A shape is not positive and finite.</exception>
    public static double BetaRegularized(double a, double b, double x) => BetaRegularized(a, b, x, 1 - x);

    /// <summary>Distribution function of Student's t.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="degreesOfFreedom"/> is not positive.</exception>
    public static double StudentTCdf(double t, double degreesOfFreedom)
    {
        if (double.IsPositiveInfinity(degreesOfFreedom))
        {
            return NormalCdf(t);
        }

        if (double.IsInfinity(t))
        {
            return t > 0 ? 1 : 0;
        }

        // With s = t / √ν, x = 1 / (1 + s²): the complement is formed on its own, so small t keeps its digits.
        double s = Math.Abs(t) / Math.Sqrt(degreesOfFreedom), h = double.Hypot(1, s);
        double tail = 0.5 * BetaRegularized(0.5 * degreesOfFreedom, 0.5, 1 / h / h, s / h * (s / h));
        return t < 0 ? tail : 1 - tail;
    }

    // y = 1 - x, given by callers that know it better than the subtraction does.
    internal static double BetaRegularized(double a, double b, double x, double y)
    {
        CheckShape(a, nameof(a));
        CheckShape(b, nameof(b));
        return double.IsNaN(x) ? x
            : x <= 0 ? 0
            : y <= 0 ? 1
            : x <= (a + 1) / (a + b + 2) ? BetaFraction(a, b, x, y) : 1 - BetaFraction(b, a, y, x);
    }

    private static void CheckShape(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Expected a positive, finite number.");
        }
    }

    private static void CheckProbability(double value, string name)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "Expected a probability in [0, 1].");
        }
    }

    private static double GammaSeries(double a, double x)
    {
        double term = 1, sum = 1;
        for (double n = a + 1; term > 1e-17 * sum; n++)
        {
            term *= x / n;
            sum += term;
        }

        return Math.Min(1, sum * Math.Exp(PoissonLogPmf(a, x)));
    }

    private static double GammaFraction(double a, double x)
    {
        const double Tiny = 1e-300;
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / b, h = d;
        for (double i = 1; i < 1e9; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = an * d + b;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + an / c;
            c = Math.Abs(c) < Tiny ? Tiny : c;
            double factor = c * d;
            h *= factor;
            if (Math.Abs(factor - 1) < 3e-16)
            {
                break;
            }
        }

        return Math.Min(1, h * a * Math.Exp(PoissonLogPmf(a, x)));
    }

    private static double BetaFraction(double a, double b, double x, double y)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 - (a + b) * x / (a + 1);
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        double h = d;
        for (double m = 1; m < 1e9; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 + even * d;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = 1 + even / c;
            c = Math.Abs(c) < Tiny ? Tiny : c;
            h *= c * d;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 + odd * d;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = 1 + odd / c;
            c = Math.Abs(c) < Tiny ? Tiny : c;
            double factor = c * d;
            h *= factor;
            if (Math.Abs(factor - 1) < 3e-16)
            {
                break;
            }
        }

        // x^a y^b / (a B(a, b)) = b / (a + b) times the binomial term.
        return Math.Min(1, h * (b / (a + b)) * Math.Exp(BinomialLogTerm(a, b, x, y)));
    }
}
