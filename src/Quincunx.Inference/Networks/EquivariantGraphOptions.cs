using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of an <see cref="EquivariantGraphLayer"/>.</summary>
public sealed record EquivariantGraphOptions
{
    /// <summary>Features of a point, before and after.</summary>
    public int Features { get; init; } = 16;

    /// <summary>Features of an edge; 0 for none.</summary>
    public int EdgeFeatures { get; init; }

    /// <summary>Width of messages and hidden layers.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Whether points have velocities, which then move them.</summary>
    public bool Velocities { get; init; }

    /// <summary>Whether each message passes a gate between 0 and 1 that is computed from it: which edges matter is then learned.</summary>
    public bool Gates { get; init; }

    public Activation Activation { get; init; } = Activation.Silu;

    public DType DType { get; init; } = DType.Float32;

    internal EquivariantGraphOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Features);
        ArgumentOutOfRangeException.ThrowIfNegative(EdgeFeatures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Hidden);
        return this;
    }
}
