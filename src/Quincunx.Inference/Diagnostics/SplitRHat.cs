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
        List<double[]> halves = [];
        foreach (double[] chain in chains.Where(c => c.Length >= 4))
        {
            // The middle value of an odd number belongs to neither half.
            int half = chain.Length / 2;
            halves.Add(chain[..half]);
            halves.Add(chain[^half..]);
        }

        if (halves.Count == 0)
        {
            return double.NaN;
        }

        double n = halves.Average(h => h.Length), within = halves.Average(Variance), between = Variance([.. halves.Select(h => h.Average())]);
        return between == 0 && within == 0 ? 1 : Math.Sqrt(((n - 1) / n) + (between / within));
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}
