namespace Quincunx.Runs.Reports.Figures;

/// <summary>Binomial probabilities for confidence bands, with the log-factorials made once for a band.</summary>
internal static class Binomial
{
    /// <summary>ln k! for k from 0 to <paramref name="most"/>.</summary>
    public static double[] LogFactorials(int most)
    {
        double[] log = new double[most + 1];
        for (int k = 2; k <= most; k++)
        {
            log[k] = log[k - 1] + Math.Log(k);
        }

        return log;
    }

    /// <summary>P(k of n), from the logarithms of success and failure.</summary>
    public static double Mass(int n, int k, double logIn, double logOut, double[] logFactorial) =>
        Math.Exp(logFactorial[n] - logFactorial[k] - logFactorial[n - k] + (k == 0 ? 0 : k * logIn) + (k == n ? 0 : (n - k) * logOut));

    /// <summary>The smallest count whose distribution function reaches <paramref name="probability"/>.</summary>
    public static int Quantile(int n, double p, double probability, double[] logFactorial)
    {
        double logIn = Math.Log(p), logOut = Math.Log(1 - p), cumulative = 0;

        // Each tail is summed from its own end, so that a small tail keeps its digits.
        if (probability <= 0.5)
        {
            for (int k = 0; k < n; k++)
            {
                cumulative += Mass(n, k, logIn, logOut, logFactorial);
                if (cumulative >= probability)
                {
                    return k;
                }
            }

            return n;
        }

        for (int k = n; k > 0; k--)
        {
            cumulative += Mass(n, k, logIn, logOut, logFactorial);
            if (cumulative > 1 - probability)
            {
                return k;
            }
        }

        return 0;
    }
}
