using System.Globalization;

namespace Quincunx.Inference.Importance;

/// <summary>What drawing until an effective number ended in.</summary>
/// <param name="Draws">All that were made; under <see cref="StoppingRule.FreshDraws"/> the fresh ones, where it was reached. Null where it was cancelled before any.</param>
/// <param name="Looks">One a look, in order; those before a start was handed over are not repeated.</param>
/// <param name="Advice">What a reader must know, and what to try.</param>
public sealed record DrawUntilResult(DrawUntilStop StopReason, ReweightedDraws? Draws, IReadOnlyList<DrawUntilLook> Looks, string Advice)
{
    internal static DrawUntilResult Of(DrawUntilStop stop, int wanted, ReweightedDraws? draws, IReadOnlyList<DrawUntilLook> looks) => new(stop, draws, looks, AdviceOf(stop, wanted, draws));

    private static string AdviceOf(DrawUntilStop stop, int wanted, ReweightedDraws? draws)
    {
        if (draws is null)
        {
            return "Cancelled before the first draws.";
        }

        int n = draws.Count;
        double effective = draws.Weights.EffectiveSampleSize, k = draws.Weights.ParetoK;
        return stop switch
        {
            DrawUntilStop.Reached => Invariant($"{n} draws are worth {effective:0}; {wanted} were wanted."),
            DrawUntilStop.ReachedUnreliably => Invariant(
                $"{n} draws are worth {effective:0} by the formula, but the tail index {k:0.00} is above {draws.Weights.ParetoKLimit:0.00}, so this number and the evidence's error are likely too good. Adapt the proposal, or train it further."),
            DrawUntilStop.DrawsExhausted => Invariant($"{n} draws are worth {effective:0} of the {wanted} wanted. {draws.Curve().Project((long)Math.Min(1e15, n * wanted / Math.Max(effective, 1e-3))).Statement}"),
            DrawUntilStop.TailTooHeavy => Invariant(
                $"The tail index of {n} weights is {k:0.00}: the proposal is too narrow somewhere, and more draws will not help. Adapt the proposal (AdaptiveImportance), give it heavier tails, or train it further."),
            DrawUntilStop.NoOverlap => Invariant(
                $"None of {n} draws has a positive weight ({draws.Outside} outside the prior, {draws.Weights.Invalid} failed evaluations): check the observation, the prior's bounds and the likelihood at one draw."),
            _ => Invariant($"Cancelled at {n} draws worth {effective:0}; hand them over as the start of another call to go on."),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
