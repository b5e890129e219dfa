using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Values replaced by normal quantiles of their ranks, so that what is said of them holds for any marginal law, without moments too.</summary>
/// <remarks>
/// Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, Bayesian Analysis 16, 667 (arXiv:1903.08008), equation 14: Φ⁻¹((r - 3/8) / (S + 1/4)) with the rank r among all S values, the mean rank where values are equal.
/// </remarks>
internal static class RankNormal
{
    public static double[][] Of(double[][] chains)
    {
        int n = chains[0].Length, total = chains.Length * n;
        double[] sorted = new double[total];
        int[] order = new int[total];
        for (int i = 0; i < total; i++)
        {
            (sorted[i], order[i]) = (chains[i / n][i % n], i);
        }

        Array.Sort(sorted, order);
        double[][] scores = [.. chains.Select(_ => new double[n])];
        for (int from = 0; from < total;)
        {
            int to = from + 1;
            while (to < total && sorted[to].Equals(sorted[from]))
            {
                to++;
            }

            double rank = (from + 1 + to) / 2.0, score = SpecialFunctions.NormalQuantile((rank - 0.375) / (total + 0.25));
            for (; from < to; from++)
            {
                scores[order[from] / n][order[from] % n] = score;
            }
        }

        return scores;
    }

    /// <summary>Distances from the median of all values: a difference in spread becomes one in location.</summary>
    public static double[][] Folded(double[][] chains)
    {
        double[] all = [.. chains.SelectMany(c => c)];
        Array.Sort(all);
        double median = (all[(all.Length - 1) / 2] + all[all.Length / 2]) / 2;
        return [.. chains.Select(c => c.Select(v => Math.Abs(v - median)).ToArray())];
    }
}
