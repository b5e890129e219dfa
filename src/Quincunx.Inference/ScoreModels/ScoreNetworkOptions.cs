using Quincunx.Inference.Networks;

namespace Quincunx.Inference.ScoreModels;

/// <summary>The network of a <see cref="ScorePosterior"/>.</summary>
public sealed record ScoreNetworkOptions
{
    /// <summary>Width of the residual blocks.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Number of residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 3;

    /// <summary>Width of what becomes of observation and time before it modulates the blocks.</summary>
    public int EmbeddingWidth { get; init; } = 64;

    /// <summary>Tanh, Softplus or Silu: the divergence needs slopes.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    internal ScoreNetworkOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EmbeddingWidth);
        ActivationSlopes.RequireSmooth(Activation, nameof(Activation));
        return this;
    }
}
