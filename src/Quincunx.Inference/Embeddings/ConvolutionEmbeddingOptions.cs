using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>Convolutions over a grid of one to three axes: for time series, spectra and images, where what matters has the same shape wherever it is.</summary>
/// <remarks>
/// A row holds channel after channel, each a grid in row-major order. A convolution, residual blocks (<see cref="ConvolutionBlock"/>, He et al. 2016, arXiv:1603.05027) with pooling behind each, and linear layers
/// on what is left of the grid. Where numbers may be missing, which were observed is another channel for each. All places of a channel are scaled alike.
/// </remarks>
public sealed record ConvolutionEmbeddingOptions : EmbeddingOptions
{
    /// <summary>Numbers at each place of the grid.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Lengths of the grid's axes; empty for one axis as long as the row has places.</summary>
    public IReadOnlyList<int> Grid { get; init; } = [];

    /// <summary>Of the first convolution, then of each block; a block halves every axis where there is pooling.</summary>
    public IReadOnlyList<int> Filters { get; init; } = [16, 32, 32];

    /// <summary>Length of the window along each axis: odd.</summary>
    public int Window { get; init; } = 3;

    public GridPooling Pooling { get; init; } = GridPooling.Mean;

    /// <summary>What lies beyond the edges: zeros, or the other side.</summary>
    public PaddingKind Padding { get; init; }

    /// <summary>Whether the linear layers see every place of what is left of the grid. Otherwise they see the mean over it: fewer weights, and what does not depend on where something is.</summary>
    public bool KeepsPlaces { get; init; } = true;

    /// <summary>Hidden widths of the linear layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <inheritdoc/>
    public override IEmbedding Create(EmbeddingInput input, Rng rng) => new Network(this, Lengths(input.Features), input, rng);

    /// <inheritdoc/>
    public override IReadOnlyList<int> ScaleGroups(int features)
    {
        int places = Lengths(features).Aggregate(1, (product, length) => product * length);
        return [.. Enumerable.Range(0, features).Select(i => i / places)];
    }

    private int[] Lengths(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Channels);
        ArgumentNullException.ThrowIfNull(Grid);
        if (Grid.Count == 0)
        {
            return [RowLayout.Elements(features, Channels, "place")];
        }

        long places = Grid.Aggregate(1L, (product, length) => product * length);
        return Grid.Count <= 3 && Grid.All(length => length > 0) && places * Channels == features ? [.. Grid]
            : throw new ArgumentException(
                $"Expected an observation of {Channels} x {string.Join(" x ", Grid)} = {places * Channels} numbers (channels, and up to three axes of the grid), got {features}.", nameof(features));
    }

    private sealed class Network : IEmbedding
    {
        private readonly int[] _lengths;
        private readonly int _channels;
        private readonly bool _keepsPlaces;
        private readonly ConvolutionStack _convolutions;
        private readonly Mlp _last;

        public Network(ConvolutionEmbeddingOptions o, int[] lengths, EmbeddingInput input, Rng rng)
        {
            // A norm over an example would take the size of its signal out of what the blocks see.
            var block = new ConvolutionBlockOptions
            {
                Axes = lengths.Length,
                Window = o.Window,
                Padding = o.Padding,
                NormGroups = 0,
                Activation = input.Activation,
                Pooling = o.Pooling,
                DType = input.DType,
            };
            (_lengths, _channels, _keepsPlaces) = (lengths, o.Channels, o.KeepsPlaces);
            _convolutions = new ConvolutionStack(input.HasGaps ? 2 * o.Channels : o.Channels, o.Filters, block, rng);
            int left = 1, blocks = o.Filters.Count - 1;
            foreach (int length in lengths)
            {
                int shorter = o.Pooling == GridPooling.None ? length : length >> Math.Min(blocks, 30);
                left *= shorter > 0 ? shorter
                    : throw new ArgumentException($"Expected axes of at least {1 << Math.Min(blocks, 30)} places for {blocks} blocks with pooling, got {length}.", nameof(o));
            }

            _last = new Mlp(o.Filters[^1] * (o.KeepsPlaces ? left : 1), o.Hidden, o.Outputs, rng.Split("last"), input.Activation, dtype: input.DType);
        }

        public Tensor Forward(Tensor x, Tensor? observed)
        {
            Tensor h = _convolutions.Forward(observed is null ? Grid(x) : Tensor.Concat([Grid(x), Grid(observed)], axis: 1));
            return _last.Forward(_keepsPlaces ? h.Reshape(x.Shape[0], _last.Layers[0].Inputs) : ConvolutionStack.MeanOverGrid(h));
        }

        public void Describe(ParameterTree tree)
        {
            _convolutions.Describe(tree);
            tree.Add("last", _last);
        }

        private Tensor Grid(Tensor x) => x.Reshape(new Shape([x.Shape[0], _channels, .. _lengths]));
    }
}
