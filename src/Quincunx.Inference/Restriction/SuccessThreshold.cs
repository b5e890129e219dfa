using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Restriction;

/// <summary>Where to cut a score of success so that few successes are lost, and whether the cut tells failures apart at all. Both are exact whatever the score is, since they use ranks of held-out runs alone.</summary>
/// <remarks>
/// Of n held-out successes let the r-th lowest score be the threshold. The share of all successes strictly below it is at most Beta(r, n + 1 - r) distributed (Wilks 1941, Ann. Math. Stat. 12, 91; ties make it less),
/// with mean r / (n + 1), and P(Beta(r, n + 1 - r) ≤ a) is the regularised incomplete beta function I_a(r, n + 1 - r).
/// </remarks>
internal static class SuccessThreshold
{
    /// <summary>The largest rank that loses at most a share with some confidence; 0 where even the lowest score does not.</summary>
    public static int Rank(int successes, double share, double confidence)
    {
        int rank = 0;
        while (rank < successes && SpecialFunctions.BetaRegularized(rank + 1, successes - rank, share) >= confidence)
        {
            rank++;
        }

        return rank;
    }

    /// <summary>The least share for which there is a rank: that of the lowest score, 1 - (1 - confidence)^(1/n).</summary>
    public static double Attainable(int successes, double confidence) => successes == 0 ? 1 : -SpecialFunctions.Expm1(SpecialFunctions.Log1p(-confidence) / successes);

    /// <summary>Probability that as many failures lie below the r-th lowest success, if scores of failures and successes had one law.</summary>
    /// <remarks>
    /// All orders are then equally likely. At least k failures come before the r-th success exactly if at most r - 1 of the first k + r - 1 runs are successes, which is a tail of the hypergeometric law.
    /// </remarks>
    public static double ChanceOf(int failuresBelow, int failures, int successes, int rank)
    {
        int first = failuresBelow + rank - 1, all = failures + successes;
        double log = double.NegativeInfinity, whole = SpecialFunctions.LogBinomial(all, first);
        for (int j = Math.Max(0, first - failures); j < rank; j++)
        {
            log = SpecialFunctions.LogAddExp(log, SpecialFunctions.LogBinomial(successes, j) + SpecialFunctions.LogBinomial(failures, first - j) - whole);
        }

        return Math.Min(1, Math.Exp(log));
    }
}
