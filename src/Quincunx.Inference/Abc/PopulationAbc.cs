using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Abc;

/// <summary>Sequential approximate Bayesian computation in rounds of given size: each round draws from the density that the rounds before it make at one observation.</summary>
/// <remarks>
/// <para>
/// Population Monte Carlo with a fixed number of simulations a population, whose tolerance is found from the distances (Lenormand, Jabot and Deffuant 2013, Comput. Stat. 28, 2777). All rounds count:
/// each simulation is weighted by the prior over the mixture of all that was drawn from, in proportion to the draws (the balance heuristic of Veach and Guibas 1995; Cornuet et al. 2012, Scand. J. Stat. 39, 798). The first round draws from
/// the prior, which is therefore part of the mixture: no weight exceeds the share of all draws that the first round is not, inverted.
/// </para>
/// <para>Draws that failed count in the mixture as well: then the weights are right for the prior given success.</para>
/// </remarks>
public static class PopulationAbc
{
    /// <summary>What simulations of several rounds say.</summary>
    /// <param name="rounds">In the order in which they were made: the first with draws of the prior, each other with draws of what the rounds before it gave (<see cref="AbcEstimator.Unadjusted"/>).</param>
    /// <param name="x">The observation that later rounds were drawn for.</param>
    /// <param name="rng">Of the learned summary, which the first round alone decides; not advanced.</param>
    /// <returns>An estimator of weighted rows: sharp where the rounds drew, which is at <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">There is no round, the prior has no density, lengths do not fit, or an earlier round gives no density to draw a later one from.</exception>
    public static AbcEstimator Fit(
        IDistribution prior, IReadOnlyList<SimulationPairs> rounds, ReadOnlySpan<double> x, AbcEstimatorOptions options, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentOutOfRangeException.ThrowIfZero(rounds.Count, nameof(rounds));
        Require.Density(prior, "The weights of population Monte Carlo (smc-abc) need", nameof(prior));
        var bijection = new SupportBijection(prior);
        int d = prior.Dimension, k = x.Length;
        AbcEstimator estimator = AbcEstimator.Fit(bijection, rounds[0].Theta, rounds[0].X, k, options, rng, cancel);
        double[] theta = [.. rounds.SelectMany(r => r.Theta)], outputs = [.. rounds.SelectMany(r => r.X)];
        int count = theta.Length / d, known = rounds[0].Count;
        double[] logPrior = new double[count], logMixture = new double[count], logProposal = new double[count];
        for (int i = 0; i < count; i++)
        {
            logPrior[i] = prior.LogProb(theta.AsSpan(i * d, d));
            logMixture[i] = logPrior[i] + Math.Log(Draws(rounds[0]));
        }

        for (int round = 1; round < rounds.Count; round++)
        {
            cancel.ThrowIfCancellationRequested();
            AbcPosterior proposal = estimator.Unadjusted.At(x) ?? throw new ArgumentException($"Round {round} gives no density that round {round + 1} could have been drawn from.", nameof(rounds));
            proposal.LogProb(theta, logProposal);
            known += rounds[round].Count;
            double[] logWeights = new double[known];
            for (int i = 0; i < count; i++)
            {
                logMixture[i] = SpecialFunctions.LogSumExp([logMixture[i], logProposal[i] + Math.Log(Draws(rounds[round]))]);
                if (i < known)
                {
                    logWeights[i] = logPrior[i] - logMixture[i];
                }
            }

            estimator = AbcEstimator.Of(bijection, theta[..(known * d)], outputs.AsSpan(0, known * k), k, logWeights, estimator.Summary, options);
        }

        return estimator;
    }

    private static int Draws(SimulationPairs round) => round.Count + round.Excluded;
}
