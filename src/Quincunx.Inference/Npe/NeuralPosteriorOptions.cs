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
}
