using System.Globalization;
using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Abc;

/// <summary>What a reader of a result must know, in sentences.</summary>
internal static class AbcAdvice
{
    private const double Untypical = 0.01;

    /// <param name="observed">Summaries of the observation.</param>
    /// <param name="nearest">The least distance of all simulations.</param>
    public static IReadOnlyList<string> Of(AbcResult result, AbcEvents events, double[] observed, double nearest)
    {
        List<string> advice = [];
        if (Ending(result, events, observed, nearest) is string ending)
        {
            advice.Add(ending);
        }

        if (result.Failed > 0 && result.StopReason != AbcStopReason.AllFailed)
        {
            advice.Add($"{result.Failed} of {result.Simulations} simulations failed and were left out, so the posterior is that given success; the first: {result.Failures.FirstOrDefault()?.Message}");
        }

        if (result.Typicality < Untypical)
        {
            advice.Add("The observation is farther from all simulations than these are from one another: the model may not be able to produce it, and the posterior is then one of the least bad parameters. "
                + "Check the observation's units, and the predictive distribution.");
        }

        foreach (int j in result.Distance?.ConstantFeatures ?? [])
        {
            advice.Add(Invariant($"{events.NameOf(j)} was the same in all simulations that scales were found from{(result.Draws.Count > 0 && result.Draws.Summaries[j] != observed[j] ? $", and {observed[j]} in the observation" : "")}."));
        }

        if (result.Regression is { Applied: false })
        {
            advice.Add($"{result.Draws.Count} draws are too few to regress on {observed.Length} summaries, so they were not adjusted: accept more, or use fewer summaries.");
        }

        return advice;
    }

    private static string? Ending(AbcResult result, AbcEvents events, double[] observed, double nearest) => result.StopReason switch
    {
        AbcStopReason.ObservationNotFinite =>
            Invariant($"The observation's {events.NameOf(SimulationSet.FirstNonFinite(observed))} is {observed[SimulationSet.FirstNonFinite(observed)]}. Nothing was simulated: leave that number out of simulator and observation, or repair it."),
        AbcStopReason.AllFailed => $"All {result.Simulations} simulations failed. The first: {result.Failures.FirstOrDefault()?.Message} Check the simulator at that parameter, and the prior.",
        AbcStopReason.NoneAccepted =>
            Invariant($"No simulation came within the tolerance of {result.Populations[0].Tolerance}; the nearest had a distance of {nearest}. Raise the tolerance beyond that, or accept a share of the simulations instead."),
        AbcStopReason.BudgetExhausted when result.Draws.Count == 0 => $"The budget of {result.Simulations} simulations ended before anything was accepted.",
        AbcStopReason.BudgetExhausted => Invariant($"The budget of {result.Simulations} simulations ended first, with {result.Draws.Count} draws within a distance of {result.Tolerance}."),
        AbcStopReason.AcceptanceTooLow =>
            Invariant($"Only {result.Populations[^1].AcceptanceRate:G3} of the last population's simulations were accepted: a smaller tolerance is out of reach. Use a regression adjustment, or fewer summaries."),
        AbcStopReason.Collapsed => "The weights hang on too few draws, or the draws on too few values, to propose new ones: use more particles, a larger share of them for the next tolerance, or a wider kernel.",
        AbcStopReason.Cancelled => $"Cancelled after {result.Simulations} simulations; the draws are those of whole batches until then.",
        _ => null,
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
