using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;

namespace Quincunx.Inference.Npe;

/// <summary>The network of a neural posterior.</summary>
public sealed record NeuralPosteriorOptions
{
    public FlowOptions Flow { get; init; } = new();

    /// <summary>A network that summarises observations for the flow, which then sees its summaries; null to condition on the scaled observation itself.</summary>
    public EmbeddingOptions? Embedding { get; init; }

    /// <summary>
    /// Numbers that a linear map makes of the observation before anything else, at most as many as it has; 0 for no such map. It begins as the principal components of the training data (of what two observations of
    /// the same outputs have in common, where noise is drawn anew) and is trained with the rest. Not with an embedding that reads a layout.
    /// </summary>
    public int Compression { get; init; }

    /// <summary>Last numbers of an observation that tell its circumstances, such as a noise level: not compressed, and appended to the summaries of an embedding that reads a layout.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>Whether observations may have gaps, which are NaN.</summary>
    public MissingValues Missing { get; init; }

    internal ObservationOptions Observations => new(Embedding, ContextFeatures, Missing, Flow.Activation, Compression);
}
