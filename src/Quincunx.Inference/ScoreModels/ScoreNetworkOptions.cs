using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;

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

    /// <summary>A network that summarises observations first; null to show the scaled observation itself.</summary>
    public EmbeddingOptions? Embedding { get; init; }

    /// <summary>Last numbers of an observation that tell its circumstances, such as a noise level: appended to the summaries of an embedding that reads a layout.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>Whether observations may have gaps, which are NaN.</summary>
    public MissingValues Missing { get; init; }

    internal ObservationOptions Observations => new(Embedding, ContextFeatures, Missing, Activation);

    internal ScoreNetworkOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EmbeddingWidth);
        ActivationSlopes.RequireSmooth(Activation, nameof(Activation));
        return this;
    }
}
