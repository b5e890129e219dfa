namespace Quincunx.Inference.Samplers;

/// <summary>What Hamiltonian samplers have in common.</summary>
public abstract record HamiltonianOptions : ChainOptions
{
    /// <summary>Mean acceptance probability that the warm-up tunes the step size to, in (0, 1). Higher is slower and follows narrow places better.</summary>
    public double TargetAcceptance { get; init; } = 0.8;

    /// <summary>What the warm-up learns of the target's shape.</summary>
    public MetricKind Metric { get; init; } = MetricKind.Automatic;

    /// <summary>Where the search for a step size begins; without a warm-up the step size itself.</summary>
    public double StepSize { get; init; } = 1;

    /// <summary>Gradients at one point, over all chains and the warm-up, after which no further iteration begins: the result has the draws made by then, none where the warm-up had not ended.</summary>
    public long MaxGradients { get; init; } = long.MaxValue;

    private protected void CheckHamiltonian()
    {
        CheckChains();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxGradients);
        if (TargetAcceptance is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(TargetAcceptance), TargetAcceptance, "Expected a probability in (0, 1).");
        }

        if (!(StepSize > 0 && double.IsFinite(StepSize)))
        {
            throw new ArgumentOutOfRangeException(nameof(StepSize), StepSize, "Expected a positive, finite number.");
        }
    }
}
