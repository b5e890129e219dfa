using Quincunx.Inference.Importance;

namespace Quincunx.Inference.Samplers;

/// <summary>The evidence by nested sampling, and weighted draws of the posterior.</summary>
/// <param name="Points">Shape <c>[n, d]</c>, in the prior's coordinates, in the order of their likelihood; empty where there was nowhere to begin.</param>
/// <param name="LogLikelihoods">At the points, ascending.</param>
/// <param name="LogWeights">log (likelihood × prior mass of the point's shell), up to the evidence: what averages are weighted with.</param>
/// <param name="LogEvidence">log ∫ likelihood × prior; negative infinity where no draw of the prior has a positive likelihood.</param>
/// <param name="LogEvidenceError">Its standard error, from 200 draws of the shells' sizes given the points. Points that are not independent (too few moves) are not in it.</param>
/// <param name="Information">∫ posterior log(posterior / prior), in nats.</param>
/// <param name="Evaluations">Of the likelihood, one a point.</param>
/// <param name="Invalid">Points where the likelihood was NaN or +∞; it counted as 0.</param>
public sealed record NestedResult(
    SamplerStop StopReason, ReadOnlyMemory<double> Points, ReadOnlyMemory<double> LogLikelihoods, ReadOnlyMemory<double> LogWeights, double LogEvidence, double LogEvidenceError, double Information,
    long Evaluations, long Invalid)
{
    /// <summary>The weights, with their effective number of draws; <see cref="ImportanceWeights.Resample"/> makes equally weighted draws.</summary>
    /// <exception cref="ArgumentException">There are no points.</exception>
    public ImportanceWeights Weights => ImportanceWeights.FromLog(LogWeights.Span);

    /// <summary>What is wrong, with what may help; empty where nothing is known to be.</summary>
    public IReadOnlyList<string> Warnings => StopReason switch
    {
        SamplerStop.NoFiniteStart => ["No draw of the prior has a positive likelihood: look at the likelihood there, or narrow the prior."],
        SamplerStop.BudgetExhausted => ["The budget ended before the bulk of the posterior was passed; the evidence is a lower estimate. Allow more evaluations, or take fewer live points."],
        _ => [],
    };
}
