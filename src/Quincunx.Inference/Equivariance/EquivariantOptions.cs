using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;

namespace Quincunx.Inference.Equivariance;

/// <summary>The blur, the networks, and how posteriors are drawn.</summary>
public sealed record EquivariantOptions
{
    /// <summary>
    /// Law of the blur ε in the group's coordinates, about zero, with a density. Wide against the posterior of the pose, so that chains mix; narrow against its prior, so that moved data look alike. For a normal posterior and a normal kernel, poses one iteration apart
    /// have the correlation σ² / (σ² + w²).
    /// </summary>
    public required IDistribution Kernel { get; init; }

    public PoseSymmetry Symmetry { get; init; } = PoseSymmetry.Exact;

    /// <summary>
    /// Of q(theta | moved x). Where the group is discrete or the symmetry approximate, the numbers of the pose stand behind the moved observation: with an embedding that reads a layout they are
    /// <see cref="NeuralPosteriorOptions.ContextFeatures"/>.
    /// </summary>
    public NeuralPosteriorOptions Network { get; init; } = new();

    /// <summary>Of q(pose | x), which says where chains start.</summary>
    public NeuralPosteriorOptions Start { get; init; } = new();

    public GibbsOptions Gibbs { get; init; } = new();

    /// <summary>Blurred poses that the density of theta is a mixture over.</summary>
    public int Components { get; init; } = 64;

    internal EquivariantOptions Checked(IPoseGroup group)
    {
        ArgumentNullException.ThrowIfNull(Kernel);
        Require.Density(Kernel, "Blurred poses need", nameof(Kernel));
        if (Kernel.Dimension != group.PoseDimension || Kernel.Supports.Any(s => s.Discrete || !s.Contains(0)))
        {
            throw new ArgumentException($"Expected a continuous kernel of dimension {group.PoseDimension} about zero, got one of dimension {Kernel.Dimension} on {string.Join(", ", Kernel.Supports)}.", nameof(Kernel));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Components);
        Gibbs.Check(group.PoseDimension);
        return this;
    }
}
