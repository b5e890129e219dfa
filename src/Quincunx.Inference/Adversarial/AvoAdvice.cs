using System.Globalization;

namespace Quincunx.Inference.Adversarial;

/// <summary>What a reader of a result must know, in sentences.</summary>
internal static class AvoAdvice
{
    private const string NoPosterior = "The spread is that of the method and no posterior: simulate at the point and use a method with a density for uncertainties.";

    public static string Of(AvoStop reason, long simulations, long failed, AvoOptions options) => reason switch
    {
        AvoStop.Converged => NoPosterior + Failures(simulations, failed),
        AvoStop.MaxSteps => Invariant(
            $"The proposal still moved after {options.MaxSteps} steps: go on from Last and Critic, or start nearer. Along a direction in which the observations say nothing it wanders within its own spread. {NoPosterior}") + Failures(simulations, failed),
        AvoStop.Diverged => "The critic's loss was not finite, or the proposal grew beyond bounds: a direction in which the observations say nothing and entropy is rewarded has no bound; lower the rates, raise the gradient penalty, bound the parameters, or reward entropy less.",
        AvoStop.ProposalCollapsed => "The proposal has shrunk to a point and cannot move from there: lower the penalty of the entropy or raise its reward, and lower the proposal's rate. The point may not be the best one.",
        AvoStop.SimulationsFailed => Invariant(
            $"Fewer than 2 of {options.SimulationsPerStep} simulations of a step succeeded ({failed} of {simulations} failed in all): check the simulator where the proposal is, and begin where it works."),
        _ => "Cancelled: the proposal is that of the steps done, and Last and Critic can be gone on from.",
    };

    private static string Failures(long simulations, long failed) => failed == 0
        ? ""
        : Invariant($" {failed} of {simulations} simulations failed and were left out: the proposal fits the observations with what succeeds.");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
