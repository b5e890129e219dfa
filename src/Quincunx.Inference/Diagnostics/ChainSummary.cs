namespace Quincunx.Inference.Diagnostics;

/// <summary>One quantity along Markov chains, with what says whether they have converged and how much their draws are worth (Vehtari et al. 2021).</summary>
/// <param name="MeanError">Standard error of the mean, which knows that draws depend on each other.</param>
/// <param name="RHat">Rank-normalised split R-hat (<see cref="SplitRHat.RankNormalised"/>).</param>
/// <param name="BulkEss">How many independent draws the chains are worth for means and medians (<see cref="EffectiveDraws.Bulk"/>).</param>
/// <param name="TailEss">How many they are worth for the 5 % and 95 % quantiles (<see cref="EffectiveDraws.Tail"/>).</param>
public sealed record ChainSummary(double Mean, double StandardDeviation, double MeanError, double RHat, double BulkEss, double TailEss)
{
    /// <param name="chains">The quantity along each chain, in order, warm-up left out; all of one length.</param>
    /// <exception cref="ArgumentException">There are no chains or no draws, or the lengths differ.</exception>
    public static ChainSummary Of(params double[][] chains)
    {
        double ess = EffectiveDraws.Of(chains);
        (double mean, double sd) = Moments(chains);
        return new ChainSummary(mean, sd, sd / Math.Sqrt(ess), SplitRHat.RankNormalised(chains), EffectiveDraws.Bulk(chains), EffectiveDraws.Tail(chains));
    }

    internal static (double Mean, double StandardDeviation) Moments(double[][] chains)
    {
        long count = chains.Sum(c => (long)c.Length);
        double mean = chains.Sum(c => c.Sum()) / count;
        return (mean, Math.Sqrt(chains.Sum(c => c.Sum(v => (v - mean) * (v - mean))) / Math.Max(1, count - 1)));
    }
}
