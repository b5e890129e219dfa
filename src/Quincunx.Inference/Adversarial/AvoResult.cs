namespace Quincunx.Inference.Adversarial;

/// <summary>A point estimate with a spread, and how it was found.</summary>
/// <remarks>
/// The spread is not an uncertainty: it does not shrink as observations become more, and says nothing about their chance. It is set by the reward of the entropy and by the noise of the critic.
/// </remarks>
public sealed record AvoResult
{
    public required AvoStop StopReason { get; init; }

    /// <summary>What to make of the result and what to do next, in sentences.</summary>
    public required string Advice { get; init; }

    /// <summary>The proposal, averaged over the last steps (<see cref="AvoOptions.Window"/>): mean of the means, mean of the covariances.</summary>
    public required GaussianProposal Proposal { get; init; }

    /// <summary>The proposal of the last step, which fits <see cref="Critic"/>: what to go on from.</summary>
    public required GaussianProposal Last { get; init; }

    public required Critic Critic { get; init; }

    /// <summary>How far the proposal's mean wandered over the averaged steps, a standard deviation of each unconstrained coordinate; where it is not far below the proposal's own, the point is no better known than that.</summary>
    public required IReadOnlyList<double> Wander { get; init; }

    public required IReadOnlyList<AvoStep> History { get; init; }

    /// <summary>Simulations run, failed ones included.</summary>
    public required long Simulations { get; init; }

    /// <summary>Of these, the ones that failed. They were left out: the proposal fits the observations with what succeeds.</summary>
    public required long Failed { get; init; }

    /// <summary>Steps of the critic.</summary>
    public required long CriticSteps { get; init; }

    /// <summary>Of these, the ones skipped because a loss or gradient was not finite.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>Steps of the critic whose gradient came from replaying a recording.</summary>
    public required long Replays { get; init; }
}
