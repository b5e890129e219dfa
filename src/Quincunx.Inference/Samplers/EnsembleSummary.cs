using Quincunx.Inference.Diagnostics;

namespace Quincunx.Inference.Samplers;

/// <summary>Walkers of one ensemble depend on each other, so their draws are worth what the series of their means is worth.</summary>
internal static class EnsembleSummary
{
    public static ChainSummary Of(double[][] walkers)
    {
        (double mean, double sd) = ChainSummary.Moments(walkers);
        bool isFinite = EffectiveDraws.AllFinite(walkers);
        double bulk = isFinite ? Ess(RankNormal.Of(walkers)) : double.NaN;
        double tail = isFinite ? Math.Min(Ess(EffectiveDraws.Below(walkers, 0.05)), Ess(EffectiveDraws.Below(walkers, 0.95))) : double.NaN;
        return new ChainSummary(mean, sd, sd / Math.Sqrt(Ess(walkers)), SplitRHat.RankNormalised(walkers), bulk, tail);
    }

    // Variance of a draw over that of the mean of all, the latter from the series of means over the walkers.
    private static double Ess(double[][] walkers)
    {
        double[] means = new double[walkers[0].Length];
        foreach (double[] walker in walkers)
        {
            for (int i = 0; i < means.Length; i++)
            {
                means[i] += walker[i] / walkers.Length;
            }
        }

        double sd = ChainSummary.Moments(walkers).StandardDeviation, sdOfMeans = ChainSummary.Moments([means]).StandardDeviation;
        return EffectiveDraws.Of(means) * sd * sd / (sdOfMeans * sdOfMeans);
    }
}
