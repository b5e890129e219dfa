using Quincunx.Inference.BayesianNetworks;

namespace Quincunx.Runs.Pipeline;

/// <summary>How the weights of Bayesian networks were sampled.</summary>
/// <param name="StopReason">Of the chains; <c>Completed</c> where all networks were drawn.</param>
/// <param name="Networks">That the posterior is the mean of.</param>
/// <param name="RHat">Of what the networks say between the simulations, the largest; NaN without networks.</param>
/// <param name="Ess">How many independent networks they are worth.</param>
/// <param name="Divergences">Of <paramref name="Trajectories"/>.</param>
/// <param name="Gradients">Spent, warm-up included.</param>
/// <param name="Warnings">What is wrong, each with what may help.</param>
public sealed record NetworkChains(
    string StopReason, int Networks, double RHat, double Ess, long Divergences, long Trajectories, double Acceptance, double StepSize, long Gradients, IReadOnlyList<string> Warnings)
{
    internal static NetworkChains Of(BayesianNetworkResult result) => new(
        result.StopReason.ToString(), result.Posterior.Networks, result.RHat, result.Ess, result.Divergences, result.Trajectories, result.Acceptance, result.StepSize, result.Gradients, result.Warnings);
}
