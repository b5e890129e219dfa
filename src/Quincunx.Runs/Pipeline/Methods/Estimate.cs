using Quincunx.Inference;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary>What a method makes of simulations.</summary>
/// <param name="Network">All that training changes and a file keeps, scales included.</param>
/// <param name="Scaling">How the network sees an observation; part of the network; null where that is another for each output.</param>
/// <param name="Posterior">The posterior that the network gives, under the whole prior.</param>
/// <param name="Chains">How weights were sampled, where they were and just now.</param>
/// <param name="Members">How the networks of an ensemble were trained, where they were and just now.</param>
/// <param name="Fresh">The simulations that were made while it learned, where there were and just now.</param>
/// <param name="Start">How the network was trained that says where chains of poses start, where there is one and just now.</param>
internal sealed record Estimate(IModule Network, FeatureScaling? Scaling, IPosteriorEstimator Posterior, NetworkChains? Chains = null, IReadOnlyList<MemberFacts>? Members = null,
    FreshFacts? Fresh = null, StartFacts? Start = null);
