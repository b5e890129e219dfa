namespace Quincunx.Inference.Samplers;

/// <summary>Equally weighted draws of a posterior, and the evidence.</summary>
/// <param name="StopReason">Where the budget ran out, the draws are those of the last power reached and the evidence is that of it.</param>
/// <param name="Points">Shape <c>[particles, d]</c>, in the prior's coordinates; empty where there was nowhere to begin.</param>
/// <param name="LogLikelihoods">At the points.</param>
/// <param name="LogEvidence">log ∫ likelihood × prior; negative infinity where no draw of the prior has a positive likelihood.</param>
/// <param name="LogEvidenceError">Its standard error, which takes the particles of a stage as independent: good where <see cref="Stages"/> shows small correlations.</param>
/// <param name="Stages">The powers, in order.</param>
/// <param name="Evaluations">Of the likelihood, one a point.</param>
/// <param name="Invalid">Points where the likelihood was NaN or +∞; it counted as 0.</param>
public sealed record SmcResult(
    SamplerStop StopReason, ReadOnlyMemory<double> Points, ReadOnlyMemory<double> LogLikelihoods, double LogEvidence, double LogEvidenceError,
    IReadOnlyList<SmcStage> Stages, long Evaluations, long Invalid)
{
    /// <summary>What is wrong, each with what may help; empty where nothing is known to be.</summary>
    public IReadOnlyList<string> Warnings => [.. Faults()];

    private IEnumerable<string> Faults()
    {
        if (StopReason == SamplerStop.NoFiniteStart)
        {
            yield return "No draw of the prior has a positive likelihood: look at the likelihood there, or narrow the prior.";
        }
        else if (StopReason == SamplerStop.BudgetExhausted)
        {
            yield return $"The budget ended at power {Stages.LastOrDefault()?.Power ?? 0:0.0000} of the likelihood: allow more evaluations, or take fewer particles.";
        }

        int sticky = Stages.Count(s => s.Correlation > 0.5);
        if (sticky > 0)
        {
            yield return $"In {sticky} of {Stages.Count} stages the particles hardly moved, so that draws are copies and the error of the evidence is too small: allow more moves.";
        }
    }
}
