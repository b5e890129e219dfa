using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>All that the verdict depends on.</summary>
/// <param name="Simulations">One entry a round.</param>
/// <param name="Networks">One entry a round.</param>
/// <param name="Importance">Null where the study does not ask for reweighting.</param>
/// <param name="PosteriorDraws">Draws of the network that reweighting began with.</param>
/// <param name="Sampling">How the draws were made; null where the network itself draws.</param>
/// <param name="Ensemble">Where its networks do not agree at the observation; null for one network.</param>
/// <param name="Gibbs">How chains of poses went at the observation; null where there is no pose.</param>
/// <param name="Settings">Tells a check that was switched off from one that could not be made.</param>
internal sealed record VerdictFacts(
    IReadOnlyList<SimulationFacts> Simulations, IReadOnlyList<NetworkFacts> Networks, DiagnosticFacts Diagnostics, ImportanceFacts? Importance, DiagnosticsSettings Settings,
    int PosteriorDraws, SamplingFacts? Sampling = null, EnsembleFacts? Ensemble = null, GibbsFacts? Gibbs = null)
{
    /// <summary>The reported posterior is the reweighted one; false too where reweighting was asked for and found no overlap.</summary>
    public bool IsReweighted => Importance is { Efficiency: > 0 };

    /// <summary>What a sentence calls that which gives the posterior.</summary>
    public string Noun => Methods.InferenceMethod.Of(Networks[^1]).Noun;
}
