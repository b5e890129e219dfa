namespace Quincunx.Inference.Samplers;

public sealed record NutsOptions : HamiltonianOptions
{
    /// <summary>Doublings of a trajectory at most: 2^depth - 1 gradients. Trajectories that end here are counted as saturated.</summary>
    public int MaxDepth { get; init; } = 10;

    /// <summary>
    /// A trajectory doubles until the momentum of one of its ends, along the mean momentum of its points, is less than this fraction of that mean, in [0, 1). 0 is the criterion of the papers, a whole U-turn. Higher ends earlier.
    /// </summary>
    /// <remarks>On a normal distribution that the metric fits, trajectories end beyond the length t with t/2 cot(t/2) equal to it: π for 0, 0.8 π for 0.4.</remarks>
    public double TurnThreshold { get; init; } = 0.4;

    internal NutsOptions Checked()
    {
        CheckHamiltonian();
        if (TurnThreshold is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(TurnThreshold), TurnThreshold, "Expected a fraction in [0, 1).");
        }

        if (MaxDepth is < 1 or > 20)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxDepth), MaxDepth, "Expected a depth in [1, 20].");
        }

        return this;
    }
}
