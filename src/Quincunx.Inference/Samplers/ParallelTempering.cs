using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Replicas at several powers of the likelihood that swap places, so that what the prior reaches easily the posterior reaches too: for modes far apart.</summary>
/// <remarks>
/// Swaps alternate between even and odd neighbours without chance, and levels are placed at equal parts of the communication barrier, the integral of the rejection rate (Syed, Bouchard-Côté, Deligiannidis, Doucet 2022, J. R. Statist. Soc. B
/// 84, 321). At power 0 replicas are fresh draws of the prior. In between they make random-walk Metropolis moves with a covariance of their level's own. All replicas of all ladders are one evaluation.
/// </remarks>
public static class ParallelTempering
{
    /// <inheritdoc cref="SequentialMonteCarlo.Run"/>
    public static TemperingResult Run(
        ITarget logLikelihood, IDistribution prior, Rng rng, TemperingOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        TemperingOptions o = (options ?? new TemperingOptions()).Checked();
        var target = new PriorTarget(logLikelihood, prior, cancel);
        var state = new ChainState(new double[o.Chains * target.Dimension], target.Dimension, rng);
        var transition = new TemperingTransition(state, target, o, rng);
        ChainResult chains = ChainRun.Run(state, target.Counted, transition, o, progress).ToConstrained(target.Bijection);
        if (chains.Draws == 0)
        {
            return new TemperingResult(chains, double.NaN, double.NaN, double.NaN, transition.Powers, transition.SwapAcceptance, 0);
        }

        (double log, double error, double thermodynamic) = Evidence(transition);
        return new TemperingResult(chains, log, error, thermodynamic, transition.Powers, transition.SwapAcceptance, transition.RoundTrips);
    }

    // To first order log Ẑ is the mean over time of the sum of all levels' relative weights, so that the error of this one series also holds what levels share by swapping.
    private static (double Log, double Error, double Thermodynamic) Evidence(TemperingTransition transition)
    {
        double[] powers = transition.Powers;
        double[][] series = transition.LogLikelihoods(0), relative = [.. series.Select(s => new double[s.Length])];
        double log = 0, thermodynamic = 0, meanBelow = series.Average(s => s.Average());
        for (int k = 0; k + 1 < powers.Length; k++)
        {
            double step = powers[k + 1] - powers[k], high = series.Max(s => s.Max());
            double[][] weights = [.. series.Select(s => s.Select(l => Math.Exp(step * (l - high))).ToArray())];
            double mean = weights.Average(w => w.Average());
            log += (step * high) + Math.Log(mean);
            for (int c = 0; c < weights.Length; c++)
            {
                for (int i = 0; i < weights[c].Length; i++)
                {
                    relative[c][i] += weights[c][i] / mean;
                }
            }

            // Where the likelihood is 0 somewhere the mean of its logarithm at power 0 is -∞, and so is this estimate.
            series = transition.LogLikelihoods(k + 1);
            double meanAbove = series.Average(s => s.Average());
            thermodynamic += step * (meanBelow + meanAbove) / 2;
            meanBelow = meanAbove;
        }

        return (log, ChainSummary.Moments(relative).StandardDeviation / Math.Sqrt(EffectiveDraws.Of(relative)), thermodynamic);
    }
}
