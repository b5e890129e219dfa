using Quincunx.Inference.Samplers;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>A posterior that is a mean over networks, and how their weights were sampled.</summary>
/// <remarks>
/// Weights themselves say nothing about convergence: hidden units can be exchanged and their signs turned without a change of the network. R-hat and effective draws are therefore those of what the networks say: of their log-densities at
/// probes, points half way between simulations that no network has seen.
/// </remarks>
/// <param name="Posterior">Of all networks kept; without any where sampling ended before.</param>
/// <param name="StopReason">Why sampling ended.</param>
/// <param name="RHat">The largest over the probes; NaN without networks.</param>
/// <param name="Ess">The fewest effective draws over the probes, of all chains together; 0 without networks.</param>
/// <param name="Divergences">Trajectories that ended divergent, of <paramref name="Trajectories"/>.</param>
/// <param name="Trajectories">After the warm-up, of all chains.</param>
/// <param name="Saturations">Trajectories that were cut short by the limit of their length.</param>
/// <param name="Acceptance">Mean acceptance probability along the trajectories.</param>
/// <param name="StepSize">That the warm-up arrived at.</param>
/// <param name="Gradients">Spent, warm-up included; one for each chain's weights.</param>
/// <param name="Warnings">What is wrong, each with what may help; empty where nothing is known to be.</param>
public sealed record BayesianNetworkResult(
    BayesianNetworkPosterior Posterior, SamplerStop StopReason, double RHat, double Ess, long Divergences, long Trajectories, long Saturations, double Acceptance, double StepSize, long Gradients,
    IReadOnlyList<string> Warnings);
