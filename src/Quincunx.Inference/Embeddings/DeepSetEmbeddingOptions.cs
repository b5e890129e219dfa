using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Embeddings;

/// <summary>A function of a set: for elements without an order that act together as sums, means or extremes, such as independent events (Zaheer et al. 2017, arXiv:1703.06114).</summary>
/// <remarks>
/// A row holds element after element. All elements are scaled alike, and their order does not matter. Where numbers may be missing an element with a gap does not exist, so that sets of
/// different sizes are rows padded with NaN; the logarithm of the share of places that are taken is then a number of every element more.
/// </remarks>
public sealed record DeepSetEmbeddingOptions : EmbeddingOptions
{
    /// <summary>Numbers of an element.</summary>
    public int Features { get; init; } = 1;

    /// <summary>Hidden widths of the network that every element goes through, and of that behind the pooling.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <summary>Numbers of an element as they are pooled.</summary>
    public int Width { get; init; } = 64;

    public SetPooling Pooling { get; init; }

    /// <summary>Heads of <see cref="SetPooling.Attention"/>; divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <inheritdoc/>
    public override bool FillsGaps => false;

    /// <inheritdoc/>
    public override IEmbedding Create(EmbeddingInput input, Rng rng)
    {
        var options = new DeepSetOptions { ElementHidden = Hidden, Width = Width, SetHidden = Hidden, Pooling = Pooling, Heads = Heads, Activation = input.Activation, DType = input.DType };
        int elements = RowLayout.Elements(input.Features, Features, "element");
        var set = new DeepSet(input.HasGaps ? Features + 1 : Features, Outputs, options, rng);
        return new SetEmbedding(elements, Features, set, set.Forward);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> ScaleGroups(int features) => RowLayout.GroupsOfElements(features, Features);
}
