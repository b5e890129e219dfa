using System.Globalization;

namespace Quincunx.Inference.Restriction;

/// <summary>What a reader of a result must know, in sentences.</summary>
internal static class RestrictionAdvice
{
    /// <param name="acceptance">Share of the prior's draws inside, where there is a region.</param>
    public static string Of(RestrictionStop reason, RestrictionResult result, RestrictionOptions options, double acceptance = double.NaN) => reason switch
    {
        RestrictionStop.Restricted => Invariant(
            $"Restricted to {100 * acceptance:G3} % of the prior. About {100 * result.FailedShare:G2} % of further runs will fail, where {100.0 * result.Failed / result.Runs:G3} % did. At most {100 * options.LostShare:G3} % of successful runs come from outside ({100 * options.Confidence:G4} % confidence), and the posterior is without such parameters; at an observation that only they give, it can miss more."),
        RestrictionStop.NoFailures => $"None of {result.Runs} runs failed: the prior stays as it is.",
        RestrictionStop.AllFailed => $"All {result.Runs} runs failed, so nothing can be learned from them: check the simulator at one of these parameters, and narrow the prior.",
        RestrictionStop.TooFewSuccesses => Invariant(
            $"{result.HeldOutSuccesses} held-out successes cannot promise that at most {options.LostShare:G3} of successes are lost; {SuccessThreshold.Attainable(result.HeldOutSuccesses, options.Confidence):G3} is the least that they can, with {100 * options.Confidence:G4} % confidence. Simulate more, or allow a larger lost share."),
        RestrictionStop.Independent => Invariant(
            $"{result.Failed} of {result.Runs} runs failed, and where they failed does not depend on the parameters as far as the classifier can tell (chance would cut off as many with probability {result.ChanceOfCut:G2}). The prior stays as it is: leave the failed runs out."),
        RestrictionStop.AcceptanceCollapsed => Invariant(
            $"Only {acceptance:G3} of the prior's draws lie where runs are likely to succeed, fewer than {options.SmallestAcceptance:G3}: narrow the prior by hand, or make sure that the runs had parameters from it."),
        RestrictionStop.Diverged => "Training of the classifier diverged: lower its learning rate. The prior stays as it is.",
        _ => "Cancelled. The prior stays as it is.",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
