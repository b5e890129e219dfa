namespace Quincunx.Inference.Importance;

/// <param name="Stop">Why adaptation ended.</param>
/// <param name="Draws">Shape <c>[FinalDraws, d]</c>: independent draws from <paramref name="Proposal"/>, made after it was fixed. Empty without overlap.</param>
/// <param name="LogWeights">log target − log proposal, one a draw.</param>
/// <param name="LogProposal">log density of the proposal, one a draw.</param>
/// <param name="Weights">The weights' summary; null without overlap.</param>
/// <param name="Proposal">The final proposal; null without overlap.</param>
/// <param name="History">The initial draws, then each round.</param>
/// <param name="Evaluations">Target evaluations in all.</param>
public sealed record AdaptiveImportanceResult(
    AdaptationStop Stop, IReadOnlyList<double> Draws, IReadOnlyList<double> LogWeights, IReadOnlyList<double> LogProposal,
    ImportanceWeights? Weights, StudentTMixture? Proposal, IReadOnlyList<AdaptationRound> History, long Evaluations);
