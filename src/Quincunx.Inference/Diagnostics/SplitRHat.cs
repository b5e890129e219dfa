namespace Quincunx.Inference.Diagnostics;

/// <summary>Whether Markov chains that began apart have come to agree: how much wider all of them together are than one alone.</summary>
public static class SplitRHat
{
    /// <summary>The potential scale reduction of chains cut into halves, at least about 1; above 1.01 they should run longer (Vehtari et al. 2021).</summary>
    /// <remarks>
    /// Gelman et al. 2013, Bayesian Data Analysis, third edition, equations 11.1 to 11.4: √(((n - 1) / n W + B / n) / W) with the mean W of the variances of the halves and the
    /// variance B / n of their means, n their mean length. A half counts alike whatever its length. NaN where no half is long enough or a value is NaN; 1 where all values are equal, infinite where
    /// halves are constant and differ.
    /// </remarks>
    /// <param name="chains">One quantity along each chain, in order; chains of fewer than 4 values are left out.</param>
    public static double Of(params IReadOnlyList<double[]> chains)
    {
        ArgumentNullException.ThrowIfNull(chains);
        double[][] halves = Halves([.. chains.Where(c => c.Length >= 4)]);
        if (halves.Length == 0)
        {
            return double.NaN;
        }

        return OfHalves(halves);
    }

    /// <summary>The larger of the R-hats of rank-normalised values and of their rank-normalised distances from the median, which see chains apart in location and in spread.</summary>
    /// <remarks>
    /// Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, Bayesian Analysis 16, 667 (arXiv:1903.08008), section 4. Holds for values without mean or variance, and does not change under monotone maps as far as location goes. NaN where a
    /// value is NaN or infinite or chains have fewer than 4 values.
    /// </remarks>
    /// <param name="chains">One quantity along each chain, in order; all of one length.</param>
    /// <exception cref="ArgumentException">There are no chains or no draws, or the lengths differ.</exception>
    public static double RankNormalised(params double[][] chains)
    {
        EffectiveDraws.Check(chains);
        double[][] halves = Halves(chains);
        if (chains[0].Length < 4 || !EffectiveDraws.AllFinite(halves))
        {
            return double.NaN;
        }

        return Math.Max(OfHalves(RankNormal.Of(halves)), OfHalves(RankNormal.Of(RankNormal.Folded(halves))));
    }

    /// <summary>First and last half of each chain; the middle value of an odd number belongs to neither.</summary>
    internal static double[][] Halves(IReadOnlyList<double[]> chains) => [.. chains.SelectMany(c => new[] { c[..(c.Length / 2)], c[^(c.Length / 2)..] })];

    private static double OfHalves(double[][] halves)
    {
        double n = halves.Average(h => h.Length), within = halves.Average(Variance), between = Variance([.. halves.Select(h => h.Average())]);
        return between == 0 && within == 0 ? 1 : Math.Sqrt(((n - 1) / n) + (between / within));
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}
