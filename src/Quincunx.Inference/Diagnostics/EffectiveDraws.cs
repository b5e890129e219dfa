namespace Quincunx.Inference.Diagnostics;

/// <summary>How many independent draws the draws of several Markov chains are worth, given that the chains may also disagree.</summary>
/// <remarks>
/// Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, Bayesian Analysis 16, 667 (arXiv:1903.08008), section 3.2: chains are cut into halves; the autocorrelation at a distance combines the autocovariances within halves with the variance between
/// them (equation 10), and is summed in pairs while these are positive and made to fall (Geyer 1992). Draws that avoid each other count for more than their number, up to its logarithm to base 10 times. NaN where a value is
/// NaN or infinite, all values are equal, or chains have fewer than 4 values.
/// </remarks>
public static class EffectiveDraws
{
    /// <summary>For the mean of the values themselves.</summary>
    /// <param name="chains">One quantity along each chain, in order; all of one length.</param>
    /// <exception cref="ArgumentException">There are no chains or no draws, or the lengths differ.</exception>
    public static double Of(params double[][] chains)
    {
        Check(chains);
        return OfHalves(SplitRHat.Halves(chains));
    }

    /// <summary>For the bulk of the distribution: the mean of rank-normalised values. Defined whatever the moments.</summary>
    /// <inheritdoc cref="Of"/>
    public static double Bulk(params double[][] chains)
    {
        Check(chains);
        return AllFinite(chains) ? OfHalves(RankNormal.Of(SplitRHat.Halves(chains))) : double.NaN;
    }

    /// <summary>For its tails: the smaller of those for the 5 % and the 95 % quantile.</summary>
    /// <inheritdoc cref="Of"/>
    public static double Tail(params double[][] chains)
    {
        Check(chains);
        return AllFinite(chains) ? Math.Min(ForQuantile(0.05), ForQuantile(0.95)) : double.NaN;

        double ForQuantile(double probability) => OfHalves(SplitRHat.Halves(Below(chains, probability)));
    }

    /// <summary>1 for values up to the quantile of all, 0 for those above.</summary>
    internal static double[][] Below(double[][] chains, double probability)
    {
        double quantile = Quantile(chains, probability);
        return [.. chains.Select(c => c.Select(v => v <= quantile ? 1.0 : 0.0).ToArray())];
    }

    internal static void Check(double[][] chains)
    {
        ArgumentNullException.ThrowIfNull(chains);
        if (chains.Length == 0 || chains[0].Length == 0 || Array.Exists(chains, c => c.Length != chains[0].Length))
        {
            throw new ArgumentException($"Expected one or more chains of one length, at least 1, got lengths [{string.Join(", ", chains.Select(c => c.Length))}].", nameof(chains));
        }
    }

    internal static bool AllFinite(double[][] chains) => Array.TrueForAll(chains, c => Array.TrueForAll(c, double.IsFinite));

    // Linear between order statistics.
    private static double Quantile(double[][] chains, double probability)
    {
        double[] all = [.. chains.SelectMany(c => c)];
        Array.Sort(all);
        double at = probability * (all.Length - 1);
        int below = (int)at;
        return below + 1 == all.Length ? all[below] : all[below] + ((at - below) * (all[below + 1] - all[below]));
    }

    private static double OfHalves(double[][] chains)
    {
        int m = chains.Length, n = m == 0 ? 0 : chains[0].Length;
        if (n < 2 || !AllFinite(chains))
        {
            return double.NaN;
        }

        double[] means = [.. chains.Select(c => c.Average())];
        double within = Covariance(chains, means, 0) * n / (n - 1);
        double grand = means.Average(), between = means.Sum(v => (v - grand) * (v - grand)) / (m - 1);
        double variance = ((n - 1.0) / n * within) + between;
        if (!(variance > 0))
        {
            return double.NaN;
        }

        // τ = -1 + 2 Σ P, with P the sum of an even and the following odd autocorrelation.
        double sum = 0, last = double.PositiveInfinity;
        for (int t = 0; t + 1 < n; t += 2)
        {
            double even = t == 0 ? 1 : Correlation(t), pair = even + Correlation(t + 1);
            if (pair <= 0)
            {
                // The even one alone may still be positive, and reduces the variance for chains that alternate.
                sum += Math.Max(0, even) / 2;
                break;
            }

            last = Math.Min(last, pair);
            sum += last;
        }

        double total = (double)m * n, time = Math.Max((2 * sum) - 1, 1 / Math.Log10(total));
        return total / time;

        double Correlation(int distance) => 1 - ((within - (Covariance(chains, means, distance) * n / (n - 1))) / variance);
    }

    // The mean over chains of the autocovariance with divisor n.
    private static double Covariance(double[][] chains, double[] means, int distance)
    {
        double sum = 0;
        for (int c = 0; c < chains.Length; c++)
        {
            double[] chain = chains[c];
            double mean = means[c];
            for (int i = distance; i < chain.Length; i++)
            {
                sum += (chain[i] - mean) * (chain[i - distance] - mean);
            }
        }

        return sum / ((double)chains.Length * chains[0].Length);
    }
}
