namespace Quincunx.Inference.Samplers;

public sealed record NutsOptions : HamiltonianOptions
{
    /// <summary>Doublings of a trajectory at most: 2^depth - 1 gradients. Trajectories that end here are counted as saturated.</summary>
    public int MaxDepth { get; init; } = 10;

    internal NutsOptions Checked()
    {
        CheckHamiltonian();
        if (MaxDepth is < 1 or > 20)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxDepth), MaxDepth, "Expected a depth in [1, 20].");
        }

        return this;
    }
}
