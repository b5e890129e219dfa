using Quincunx.Inference.Importance;

namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>importance.json</c>.</summary>
/// <param name="Adaptation">Why the refitting of the proposal ended; <c>none</c> without it.</param>
/// <param name="RawEfficiency">Effective sample size per draw of the network itself as the proposal.</param>
/// <param name="Draws">Draws of the final proposal; 0 where the network and the likelihood had no overlap.</param>
/// <param name="Efficiency">Effective sample size per draw of the final proposal.</param>
/// <param name="ParetoK">Tail shape of the weights (Vehtari et al. 2024); below <paramref name="ParetoKLimit"/> the weights can be relied on.</param>
/// <param name="LogEvidence">log p(x), under the whole prior.</param>
/// <param name="LogEvidenceError">Its standard error.</param>
/// <param name="Zeros">Draws of weight zero.</param>
/// <param name="Invalid">Draws whose likelihood was NaN; they count as weight zero.</param>
/// <param name="Evaluations">Likelihood evaluations in all.</param>
/// <param name="Trend">Whether the efficiency has settled with the number of draws; see <see cref="EfficiencyCurve"/>. Null without draws of weight.</param>
/// <param name="Drawing">How drawing until an effective number ended; null for a fixed number of draws.</param>
public sealed record ImportanceFacts(
    int Format,
    string Adaptation,
    double RawEfficiency,
    int Draws,
    double EffectiveSampleSize,
    double Efficiency,
    double ParetoK,
    double ParetoKLimit,
    double LogEvidence,
    double LogEvidenceError,
    int Zeros,
    int Invalid,
    long Evaluations,
    IReadOnlyList<AdaptationRound> History,
    string? Trend = null,
    DrawingFacts? Drawing = null)
{
    internal static ImportanceFacts None(string adaptation, double rawEfficiency, IReadOnlyList<AdaptationRound> history, long evaluations, DrawingFacts? drawing = null) =>
        new(1, adaptation, rawEfficiency, 0, 0, 0, double.NaN, double.NaN, double.NaN, double.NaN, 0, 0, evaluations, history, null, drawing);

    internal static ImportanceFacts Of(
        string adaptation, double rawEfficiency, ReadOnlySpan<double> logWeights, IReadOnlyList<AdaptationRound> history, long evaluations, DrawingFacts? drawing = null)
    {
        var weights = ImportanceWeights.FromLog(logWeights);
        return weights.IsEmpty
            ? None(adaptation, rawEfficiency, history, evaluations, drawing)
            : new(
                1, adaptation, rawEfficiency, weights.Count, weights.EffectiveSampleSize, weights.Efficiency, weights.ParetoK, weights.ParetoKLimit,
                weights.LogEvidence, weights.LogEvidenceError, weights.Zeros, weights.Invalid, evaluations, history, EfficiencyCurve.Of(logWeights).Trend.ToString(), drawing);
    }
}
