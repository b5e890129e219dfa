using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>Steps of a sequence that attend to each other (<see cref="TransformerEncoder"/>), their mean, and linear layers: for sequences in which steps far apart belong together.</summary>
/// <remarks>
/// Each step is first joined with its neighbours, and heads start with attention of different reach: told of places alone, it did not find the step before. A row holds step after step. All steps are
/// scaled alike. Where numbers may be missing, which were observed are more numbers of a step.
/// </remarks>
public sealed record TransformerEmbeddingOptions : EmbeddingOptions
{
    /// <summary>Numbers of a step.</summary>
    public int Features { get; init; } = 1;

    /// <summary>Numbers of a step inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    public int Blocks { get; init; } = 2;

    /// <summary>Steps that each one is made of before the blocks, itself in their middle: an odd number.</summary>
    public int Window { get; init; } = 3;

    /// <summary>Whether steps are told where they stand, and not only how far they are from each other: where something is counts. Otherwise it does not, and need not be learned.</summary>
    public bool KeepsPlaces { get; init; } = true;

    /// <summary>Hidden widths of the linear layers behind the mean.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <inheritdoc/>
    public override IEmbedding Create(EmbeddingInput input, Rng rng) => new Network(this, input, rng);

    /// <inheritdoc/>
    public override IReadOnlyList<int> ScaleGroups(int features) => RowLayout.GroupsOfElements(features, Features);

    private sealed class Network(TransformerEmbeddingOptions o, EmbeddingInput input, Rng rng) : IEmbedding
    {
        private readonly TransformerEncoder _encoder = new(
            input.HasGaps ? 2 * o.Features : o.Features,
            new TransformerEncoderOptions
            {
                Width = o.Width,
                Heads = o.Heads,
                Blocks = o.Blocks,
                Activation = input.Activation,
                DType = input.DType,
                Positions = o.KeepsPlaces ? PositionalEncoding.Both : PositionalEncoding.Relative,
                Window = o.Window,
                LongestSequence = RowLayout.Elements(input.Features, o.Features, "step"),
            },
            rng.Split("encoder"));

        private readonly Mlp _last = new(o.Width, o.Hidden, o.Outputs, rng.Split("last"), input.Activation, dtype: input.DType);

        public Tensor Forward(Tensor x, Tensor? observed) => _last.Forward(_encoder.Forward(RowLayout.Steps(x, observed, o.Features)).Mean(1));

        public void Describe(ParameterTree tree)
        {
            tree.Add("encoder", _encoder);
            tree.Add("last", _last);
        }
    }
}
