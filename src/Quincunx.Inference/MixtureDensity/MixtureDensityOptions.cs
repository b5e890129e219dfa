using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;

namespace Quincunx.Inference.MixtureDensity;

/// <summary>The network of a <see cref="MixturePosterior"/>.</summary>
public sealed record MixtureDensityOptions
{
    /// <summary>Normal components.</summary>
    public int Components { get; init; } = 8;

    /// <summary>Width of the residual blocks.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Number of residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 2;

    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>A network that summarises observations first; null to show the scaled observation itself.</summary>
    public EmbeddingOptions? Embedding { get; init; }

    /// <summary>Last numbers of an observation that tell its circumstances, such as a noise level: appended to the summaries of an embedding that reads a layout.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>Whether observations may have gaps, which are NaN.</summary>
    public MissingValues Missing { get; init; }

    internal ObservationOptions Observations => new(Embedding, ContextFeatures, Missing, Activation);

    internal MixtureDensityOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Components);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        return this;
    }
}
