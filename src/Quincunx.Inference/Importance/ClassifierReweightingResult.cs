using System.Globalization;

namespace Quincunx.Inference.Importance;

/// <summary>A posterior with classifier-estimated weights, and how it came about.</summary>
/// <param name="Posterior">With the rounds that were kept; without any it is the posterior that was handed over.</param>
/// <param name="Rounds">In order; only the last may not be kept.</param>
/// <param name="FailedDraws">Share of the posterior's draws that are not numbers or lie outside the prior's support; they have weight zero.</param>
/// <param name="Advice">What a reader must know, and what to try.</param>
public sealed record ClassifierReweightingResult(ClassifierPosterior Posterior, ClassifierStop StopReason, IReadOnlyList<ClassifierRound> Rounds, double FailedDraws, string Advice)
{
    internal static ClassifierReweightingResult Of(ClassifierPosterior posterior, ClassifierStop stop, IReadOnlyList<ClassifierRound> rounds, double failed) =>
        new(posterior, stop, rounds, failed, AdviceOf(stop, rounds, failed));

    private static string AdviceOf(ClassifierStop stop, IReadOnlyList<ClassifierRound> rounds, double failed)
    {
        int kept = rounds.Count(r => r.Kept);
        string weights = kept == 0 ? "" : Invariant($" Over the held-out observations the weights are worth {rounds[kept - 1].Weights.Efficiency:0.00} of the draws, with tail index {rounds[kept - 1].Weights.ParetoK:0.00}.");
        string heavy = kept > 0 && !(rounds[kept - 1].Weights.ParetoK <= 0.7) ? " The tail is too heavy for weights: train the posterior further, or make it wider." : "";
        return (stop switch
        {
            ClassifierStop.NothingLeft when kept == 0 => Invariant($"The classifier cannot tell the posterior's draws from the parameters of {rounds[^1].Training.TrainingRows + rounds[^1].Training.ValidationRows} pairs: the posterior stays as it is. More pairs may show what these could not."),
            ClassifierStop.NothingLeft => Invariant($"{kept} round(s) corrected the posterior, and the next found nothing."),
            ClassifierStop.RoundsExhausted => Invariant($"All {kept} round(s) corrected the posterior; allow more."),
            ClassifierStop.Diverged => Invariant($"Training of round {rounds.Count} diverged: lower the learning rate. {kept} round(s) before it are kept."),
            ClassifierStop.DrawsFailed => Invariant($"{failed:P0} of the posterior's draws are not numbers or lie outside the prior's support: look at how it was trained."),
            _ => Invariant($"Cancelled after {kept} round(s) that were kept."),
        }) + weights + heavy;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
