namespace Quincunx.Numerics.Special;

public static partial class SpecialFunctions
{
    internal const double HalfLog2Pi = 0.91893853320467274178;
    private const double OneMinusEuler = 0.42278433509846713939;

    // ζ(k) - 1 for k = 2, 3, ...: the Taylor series of log Γ(1 + e) + log(1 + e) about e = 0 (Abramowitz and Stegun 6.1.33).
    private static ReadOnlySpan<double> ZetaMinusOne =>
    [
        0.64493406684822643647, 0.2020569031595942854, 0.082323233711138191516, 0.036927755143369926331, 0.017343061984449139715,
        0.0083492773819228268398, 0.0040773561979443393787, 0.0020083928260822144179, 0.00099457512781808533715,
        0.0004941886041194645587, 0.00024608655330804829864, 0.00012271334757848914675, 0.000061248135058704829259,
        0.000030588236307020493552, 0.000015282259408651871733, 7.6371976378997622736e-6, 3.8172932649998398565e-6,
        1.9082127165539389257e-6, 9.5396203387279611315e-7, 4.7693298678780646312e-7, 2.3845050272773299e-7,
        1.1921992596531107307e-7, 5.9608189051259479612e-8, 2.9803503514652280186e-8, 1.4901554828365041235e-8,
        7.450711789835429492e-9, 3.7253340247884570548e-9, 1.8626597235130490064e-9, 9.3132743241966818287e-10,
    ];

    /// <summary>log Γ(x) for x ≥ 0: positive infinity at 0, NaN below.</summary>
    /// <remarks>
    /// Relative error below 2e-15, also beside the zeros at 1 and 2, where the usual Lanczos form keeps only absolute accuracy.
    /// </remarks>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x >= 15)
        {
            return double.IsPositiveInfinity(x) ? x : (x - 0.5) * Math.Log(x) - x + HalfLog2Pi + StirlingSeries(x);
        }

        if (x < 0.5)
        {
            return LogGammaSeries(x) - Log1p(x) - Math.Log(x);
        }

        if (x < 1.5)
        {
            return LogGammaSeries(x - 1) - Log1p(x - 1);
        }

        double product = 1;
        while (x > 2.5)
        {
            x -= 1;
            product *= x;
        }

        return LogGammaSeries(x - 2) + Math.Log(product);
    }

    /// <summary>log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b) for positive a and b.</summary>
    /// <remarks>
    /// Where both are large, Stirling's formula is subtracted by hand, as the three terms would cancel. Absolute error
    /// below about 1e-14 times the result, or 1e-14 where that is small.
    /// </remarks>
    public static double LogBeta(double a, double b)
    {
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        if (double.IsNaN(a + b) || a < 0)
        {
            return double.NaN;
        }

        if (a == 0)
        {
            return double.PositiveInfinity;
        }

        if (b < 15)
        {
            return LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        }

        // log Γ(b) - log Γ(a + b), with the large logarithms paired.
        double tail = StirlingSeries(b) - StirlingSeries(a + b) + a - (a + b - 0.5) * Log1p(a / b);
        return a < 15
            ? LogGamma(a) - a * Math.Log(b) + tail
            : (a - 0.5) * Math.Log(a / b) - a + HalfLog2Pi + StirlingSeries(a) - 0.5 * Math.Log(b) + tail;
    }

    /// <summary>log C(n, k) for real 0 ≤ k ≤ n.</summary>
    public static double LogBinomial(double n, double k) => -Log1p(n) - LogBeta(n - k + 1, k + 1);

    /// <summary>log of the Poisson probability of the whole number <paramref name="k"/>.</summary>
    /// <remarks>
    /// C. Loader 2000, "Fast and accurate computation of binomial probabilities": deviance plus Stirling error, so that
    /// nothing large cancels and a mean of 1e15 keeps its digits.
    /// </remarks>
    public static double PoissonLogPmf(double k, double mean) =>
        k < 0 ? double.NegativeInfinity
        : k == 0 ? -mean
        : mean == 0 ? double.NegativeInfinity
        : -StirlingError(k) - Deviance(k, mean) - HalfLog2Pi - 0.5 * Math.Log(k);

    /// <summary>log of the binomial probability of <paramref name="k"/> successes in <paramref name="n"/> trials.</summary>
    /// <remarks>Loader's form, as <see cref="PoissonLogPmf"/>.</remarks>
    public static double BinomialLogPmf(double k, double n, double p)
    {
        if (k < 0 || k > n)
        {
            return double.NegativeInfinity;
        }

        if (k == 0)
        {
            return XLog1pY(n, -p);
        }

        if (k == n)
        {
            return XLogY(n, p);
        }

        if (p is 0 or 1)
        {
            return double.NegativeInfinity;
        }

        return BinomialLogTerm(k, n - k, p, 1 - p);
    }

    /// <summary>log-density of Beta(a, b) at x strictly between 0 and 1, in Loader's form: large shapes keep their digits.</summary>
    public static double BetaLogPdf(double x, double a, double b) =>
        BinomialLogTerm(a, b, x, 1 - x) + Math.Log(a) + Math.Log(b / (a + b)) - Math.Log(x) - Log1p(-x);

    // log of p^a q^b Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)) for positive reals a and b; q is given, as 1 - p may have lost digits.
    internal static double BinomialLogTerm(double a, double b, double p, double q)
    {
        double n = a + b;
        return StirlingError(n) - StirlingError(a) - StirlingError(b) - Deviance(a, n * p) - Deviance(b, n * q)
            - HalfLog2Pi - 0.5 * (Math.Log(Math.Min(a, b)) + Math.Log(Math.Max(a, b) / n));
    }

    // log Γ(x + 1) - ((x + 1/2) log x - x + log √2π), x > 0.
    internal static double StirlingError(double x) =>
        x >= 15 ? StirlingSeries(x) : LogGamma(x + 1) - (x + 0.5) * Math.Log(x) + x - HalfLog2Pi;

    // x log(x / m) + m - x, zero at x = m, by Loader's series where the terms would cancel.
    internal static double Deviance(double x, double m)
    {
        double difference = x - m;
        if (Math.Abs(difference) >= 0.1 * (x + m))
        {
            double ratio = x / m;               // out of range only for subnormal arguments
            return x * (ratio > 0 && double.IsFinite(ratio) ? Math.Log(ratio) : Math.Log(x) - Math.Log(m)) - difference;
        }

        double v = difference / (x + m), sum = difference * v, term = 2 * x * v;
        for (int j = 1; j < 1000; j++)
        {
            term *= v * v;
            double next = sum + term / (2 * j + 1);
            if (next == sum)
            {
                break;
            }

            sum = next;
        }

        return sum;
    }

    // log Γ(2 + e) for |e| ≤ 1/2 (that is log Γ(1 + e) + log(1 + e)).
    private static double LogGammaSeries(double e)
    {
        double sum = 0;
        for (int k = ZetaMinusOne.Length + 1; k >= 2; k--)
        {
            sum = ZetaMinusOne[k - 2] / k - e * sum;
        }

        return e * (OneMinusEuler + e * sum);
    }

    // The correction to Stirling's formula, x ≥ 15: Bernoulli numbers over 2j (2j - 1) x^(2j - 1) (Abramowitz and Stegun 6.1.41).
    private static double StirlingSeries(double x)
    {
        double y = 1 / (x * x);
        return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188
            - y * (691.0 / 360360 - y / 156)))))) / x;
    }
}
