using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="SetTransformer"/>.</summary>
public sealed record SetTransformerOptions
{
    /// <summary>Features of an element inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Attention blocks before the pooling.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Trained points through which elements see each other, at a cost that grows with the set and not with its square; 0: they see each other directly.</summary>
    public int InducingPoints { get; init; }

    /// <summary>Trained queries of the pooling; with several, what they gather attends to itself once more.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Of the feed-forward networks.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    public DType DType { get; init; } = DType.Float32;

    internal SetTransformerOptions Checked()
    {
        MultiHeadAttention.RequireHeads(Width, Heads);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        ArgumentOutOfRangeException.ThrowIfNegative(InducingPoints);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Seeds);
        return this;
    }
}
