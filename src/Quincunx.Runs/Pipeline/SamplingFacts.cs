using Quincunx.Inference.Posteriors;

namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>sampling.json</c>: how the draws of a learned likelihood or ratio were made.</summary>
/// <param name="StopReason">Of the sampler; <c>Completed</c> where nothing was wrong.</param>
/// <param name="RHat">Between populations of chains that never met; NaN where there is nothing to compare.</param>
/// <param name="Ess">The least number of effective draws over the parameters.</param>
/// <param name="Warnings">What is wrong, each with what may help.</param>
public sealed record SamplingFacts(
    int Format, string StopReason, int Chains, int Stages, double EffectiveStarts, double RHat, double Ess, double Acceptance, long Divergences, long Evaluations, IReadOnlyList<string> Warnings)
{
    internal static SamplingFacts Of(SamplingReport report) => new(
        1, report.StopReason.ToString(), report.Chains, report.Stages, report.EffectiveStarts, report.RHat, report.Ess, report.Acceptance, report.Divergences, report.Evaluations, report.Warnings);
}
