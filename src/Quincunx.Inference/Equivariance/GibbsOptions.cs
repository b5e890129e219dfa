namespace Quincunx.Inference.Equivariance;

/// <summary>Chains that go to and fro between parameters and blurred poses.</summary>
public sealed record GibbsOptions
{
    /// <summary>Iterations before convergence is first looked at, at least 16.</summary>
    public int MinIterations { get; init; } = 16;

    public int MaxIterations { get; init; } = 200;

    /// <summary>The chains have converged where the rank-normalised split R-hat of every coordinate of the pose, over the last half of the iterations, is at most this.</summary>
    public double RHat { get; init; } = 1.05;

    /// <summary>Draws of one chain in one iteration that may lie outside the prior before the chain is replaced by another.</summary>
    public int MaxRedraws { get; init; } = 100;

    /// <summary>Where to start instead of at draws of the start network: one element, blurred once by the kernel.</summary>
    public IReadOnlyList<double>? Guess { get; init; }

    internal void Check(int poseDimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinIterations, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxIterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRedraws);
        if (!(RHat > 1))
        {
            throw new ArgumentOutOfRangeException(nameof(RHat), RHat, "Expected a number above 1.");
        }

        if (Guess is not null && (Guess.Count != poseDimension || !Guess.All(double.IsFinite)))
        {
            throw new ArgumentException($"Expected a guess of {poseDimension} finite numbers, got [{string.Join(", ", Guess)}].", nameof(Guess));
        }
    }
}
