using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="TransformerEncoder"/>.</summary>
public sealed record TransformerEncoderOptions
{
    /// <summary>Features of a row inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    public int Blocks { get; init; } = 2;

    /// <summary>Width of the feed-forward network of a block; null for four times <see cref="Width"/>.</summary>
    public int? Hidden { get; init; }

    public Activation Activation { get; init; } = Activation.Gelu;

    public PositionalEncoding Positions { get; init; }

    /// <summary>
    /// Rows that each one is made of before the blocks, itself in their middle: an odd number. More than 1 makes a sequence of the rows, with zeros beyond its ends and where there is no row
    /// (Xiao et al. 2021, arXiv:2106.14881).
    /// </summary>
    public int Window { get; init; } = 1;

    /// <summary>Rows that positions are kept for; longer sequences are refused. Without positions it does not matter.</summary>
    public int LongestSequence { get; init; } = 512;

    public DType DType { get; init; } = DType.Float32;

    internal TransformerEncoderOptions Checked()
    {
        MultiHeadAttention.RequireHeads(Width, Heads);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LongestSequence);
        return Window > 0 && Window % 2 == 1 ? this
            : throw new ArgumentException($"Expected an odd window, got {Window}.", nameof(Window));
    }
}
