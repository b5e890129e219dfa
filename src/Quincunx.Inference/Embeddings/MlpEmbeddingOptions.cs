using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>Linear layers over the whole row, of any length: for numbers that mean different things. Circumstances and gaps go in with the rest.</summary>
public sealed record MlpEmbeddingOptions : EmbeddingOptions
{
    /// <summary>Widths of the hidden layers; none makes a linear map.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    internal override bool TakesWholeRows => true;

    /// <inheritdoc/>
    public override IEmbedding Create(EmbeddingInput input, Rng rng) => new Network(this, input, rng);

    private sealed class Network(MlpEmbeddingOptions options, EmbeddingInput input, Rng rng) : IEmbedding
    {
        private readonly Mlp _layers = new(input.HasGaps ? 2 * input.Features : input.Features, options.Hidden, options.Outputs, rng, input.Activation, dtype: input.DType);

        public Tensor Forward(Tensor x, Tensor? observed) => _layers.Forward(observed is null ? x : Tensor.Concat([x, observed], axis: 1));

        public void Describe(ParameterTree tree) => _layers.Describe(tree);
    }
}
