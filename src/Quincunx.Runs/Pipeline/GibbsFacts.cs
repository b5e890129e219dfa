using Quincunx.Inference.Equivariance;

namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>gibbs.json</c>: how chains between parameters and blurred poses went at the observation.</summary>
/// <param name="StopReason">A <see cref="GibbsStop"/>.</param>
/// <param name="RHat">The largest of a coordinate of the pose over the last half of the iterations; NaN where there was no look.</param>
/// <param name="Redrawn">Draws that lay outside the prior and were made again.</param>
/// <param name="Replaced">Times that a chain found nothing inside the prior and was replaced by another.</param>
/// <param name="Components">Poses that the density is a mixture over.</param>
/// <param name="Inside">Share of that density inside the prior, where draws of it are what is reweighted; null where the draws are the last states of the chains.</param>
/// <param name="Advice">What a reader must know, in a sentence.</param>
public sealed record GibbsFacts(int Format, string StopReason, int Chains, int Iterations, double RHat, long Redrawn, long Replaced, int Components, double? Inside, string Advice)
{
    internal bool HasConverged => StopReason == nameof(GibbsStop.Converged);

    internal static GibbsFacts Of(GibbsResult run, int chains, int components, double? inside = null) => new(
        1, run.StopReason.ToString(), chains, run.Iterations, run.RHat, run.Redrawn, run.Replaced, Math.Min(components, chains), inside, run.Advice);
}
