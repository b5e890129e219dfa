namespace Quincunx.Inference.Adversarial;

/// <summary>One step of an adversarial variational optimisation.</summary>
/// <param name="Step">From 0, those in which the critic alone is trained included.</param>
/// <param name="Gap">Mean of the critic over observations minus that over the step's simulations, by a critic that had not seen these: near 0 where it cannot tell them apart.</param>
/// <param name="Entropy">Of the proposal in unconstrained coordinates, in nats, before the step.</param>
/// <param name="Mean">Of the proposal in unconstrained coordinates, before the step.</param>
/// <param name="Failed">Simulations of the step that failed.</param>
public sealed record AvoStep(int Step, double Gap, double Entropy, IReadOnlyList<double> Mean, int Failed);
