using Quincunx.Inference.Flows;

namespace Quincunx.Inference.Npe;

/// <summary>The network of a neural posterior.</summary>
public sealed record NeuralPosteriorOptions
{
    public FlowOptions Flow { get; init; } = new();

    /// <summary>Widths of the embedding network's hidden layers; empty to condition on the scaled observation itself.</summary>
    public IReadOnlyList<int> EmbeddingHidden { get; init; } = [];

    /// <summary>Numbers the embedding network makes of an observation.</summary>
    public int EmbeddingOutputs { get; init; } = 32;

    /// <summary>
    /// Numbers that a linear map makes of the observation before anything else, at most as many as it has; 0 for no such map. It begins as the principal components of the training data (of what two observations of
    /// the same outputs have in common, where noise is drawn anew) and is trained with the rest.
    /// </summary>
    public int Compression { get; init; }

    /// <summary>Last numbers of an observation that tell its circumstances, such as a noise level; they are not compressed.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>Whether observations may have gaps, which are NaN.</summary>
    public MissingValues Missing { get; init; }
}
