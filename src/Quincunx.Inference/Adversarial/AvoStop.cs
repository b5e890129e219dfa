namespace Quincunx.Inference.Adversarial;

/// <summary>Why an adversarial variational optimisation ended. Whatever the reason, the result has the proposal and the critic as they were then.</summary>
public enum AvoStop
{
    /// <summary>Two windows in a row had the same mean and spread, within the tolerances.</summary>
    Converged,

    /// <summary>All steps were used while the proposal still moved.</summary>
    MaxSteps,

    /// <summary>The critic's losses stopped being finite, or the proposal grew beyond bounds.</summary>
    Diverged,

    /// <summary>The proposal has no spread left to learn from.</summary>
    ProposalCollapsed,

    /// <summary>Fewer than 2 simulations of a step succeeded.</summary>
    SimulationsFailed,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
