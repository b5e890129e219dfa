using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Embeddings;

/// <summary>A function of a set whose elements see each other by attention (Lee et al. 2019, arXiv:1810.00825): where pairs of elements matter, as in clusters and correlations.</summary>
/// <remarks>Rows, scales and gaps are those of <see cref="DeepSetEmbeddingOptions"/>.</remarks>
public sealed record SetTransformerEmbeddingOptions : EmbeddingOptions
{
    /// <summary>Numbers of an element.</summary>
    public int Features { get; init; } = 1;

    /// <summary>Numbers of an element inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Attention blocks before the pooling.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Trained points through which elements see each other; 0: directly, at a cost that grows with the square of the set.</summary>
    public int InducingPoints { get; init; }

    /// <inheritdoc/>
    public override bool FillsGaps => false;

    /// <inheritdoc/>
    public override IEmbedding Create(EmbeddingInput input, Rng rng)
    {
        var options = new SetTransformerOptions { Width = Width, Heads = Heads, Blocks = Blocks, InducingPoints = InducingPoints, Activation = input.Activation, DType = input.DType };
        int elements = RowLayout.Elements(input.Features, Features, "element");
        var set = new SetTransformer(input.HasGaps ? Features + 1 : Features, Outputs, options, rng);
        return new SetEmbedding(elements, Features, set, set.Forward);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> ScaleGroups(int features) => RowLayout.GroupsOfElements(features, Features);
}
