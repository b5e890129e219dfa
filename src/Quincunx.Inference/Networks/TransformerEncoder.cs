using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Rows that attend to each other, block after block: of a set, or of a sequence where positions are encoded.</summary>
/// <remarks>
/// Vaswani et al. 2017, arXiv:1706.03762, with the norms before attention and feed-forward network (Xiong et al. 2020, arXiv:2002.04745), which trains without a warm-up.
/// Without positions a permutation of the rows permutes the result.
/// </remarks>
public sealed class TransformerEncoder : IModule
{
    private readonly int _inputs;

    // A row by itself, or with its neighbours.
    private readonly Linear? _first;
    private readonly ConvolutionLayer? _window;
    private readonly Block[] _blocks;
    private readonly LayerNorm _norm;

    // The block that is the first to know places.
    private readonly int _placesBefore;

    // Constant, and a function of the options: not part of the state.
    private readonly Parameter? _positions;

    /// <param name="inputs">Features of a row.</param>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public TransformerEncoder(int inputs, TransformerEncoderOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        TransformerEncoderOptions o = options.Checked();
        (_inputs, Width) = (inputs, o.Width);
        if (o.Window == 1)
        {
            _first = new Linear(inputs, o.Width, rng.Split("first"), Initialiser.LeCunUniform, o.DType);
        }
        else
        {
            _window = new ConvolutionLayer(inputs, o.Width, [o.Window], rng.Split("first"), new WindowOptions { Padding = [o.Window / 2] }, initialiser: Initialiser.LeCunUniform, dtype: o.DType);
        }

        _blocks = [.. Enumerable.Range(0, o.Blocks).Select(i => new Block(o, rng.Split(i)))];
        _norm = new LayerNorm(o.Width, o.DType);
        _placesBefore = o.Positions == PositionalEncoding.Both ? Math.Max(0, o.Blocks - 1) : 0;
        _positions = o.Positions is PositionalEncoding.Sinusoidal or PositionalEncoding.Both ? new Parameter(Sinusoids(o.LongestSequence, o.Width, o.DType), isTrained: false) : null;
    }

    /// <summary>Features of a row of the result.</summary>
    public int Width { get; }

    /// <param name="x">Shape <c>[batch, rows, inputs]</c>.</param>
    /// <param name="mask">Shape <c>[batch, rows]</c>, 0 where there is no row, whatever x holds there; null where all exist.</param>
    /// <returns>Shape <c>[batch, rows, width]</c>; 0 where there is no row.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or the sequence is longer than the positions that are kept.</exception>
    public Tensor Forward(Tensor x, Tensor? mask = null)
    {
        SetMask.Require(x, _inputs, mask);
        Tensor seen = SetMask.Keep(x, mask);
        Tensor h = _window is null ? _first!.Forward(seen) : _window.Forward(seen.Transpose(0, 2, 1)).Transpose(0, 2, 1);
        for (int i = 0; i < _blocks.Length; i++)
        {
            h = _blocks[i].Forward(i == _placesBefore ? WithPlaces(h) : h, mask);
        }

        h = _placesBefore == _blocks.Length ? WithPlaces(h) : h;
        return SetMask.Keep(_norm.Forward(h), mask);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("first", (IModule?)_window ?? _first!);
        tree.Add("blocks", _blocks);
        tree.Add("norm", _norm);
    }

    private Tensor WithPlaces(Tensor h)
    {
        int rows = h.Shape[1];
        return _positions is null ? h : rows <= _positions.Shape[0] ? h + _positions.Value.Slice(0, 0, rows)
            : throw new ShapeException($"Expected at most {_positions.Shape[0]} rows, got shape {h.Shape}.");
    }

    private static Tensor Sinusoids(int rows, int width, DType dtype)
    {
        double[] values = new double[rows * width];
        for (int i = 0; i < values.Length; i++)
        {
            int feature = i % width;
            double angle = i / width * Math.Pow(10_000, -(feature - (feature % 2)) / (double)width);
            values[i] = feature % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
        }

        return Tensor.From(values, new Shape(rows, width), dtype);
    }

    private sealed class Block(TransformerEncoderOptions o, Rng rng) : IModule
    {
        private readonly LayerNorm _attentionNorm = new(o.Width, o.DType), _forwardNorm = new(o.Width, o.DType);
        private readonly MultiHeadAttention _attention = new(o.Width, o.Heads, rng.Split("attention"), dtype: o.DType);
        private readonly RelativePositions? _positions = o.Positions is PositionalEncoding.Relative or PositionalEncoding.Both ? new(o.Heads, o.LongestSequence, o.DType) : null;
        private readonly Mlp _forward = new(o.Width, [o.Hidden ?? (4 * o.Width)], o.Width, rng.Split("forward"), o.Activation, dtype: o.DType);

        public Tensor Forward(Tensor x, Tensor? mask)
        {
            Tensor h = x + _attention.Forward(_attentionNorm.Forward(x), mask: mask, bias: _positions?.Forward(x.Shape[1]));
            return h + _forward.Forward(_forwardNorm.Forward(h));
        }

        public void Describe(ParameterTree tree)
        {
            tree.Add("attention-norm", _attentionNorm);
            tree.Add("attention", _attention);
            if (_positions is not null)
            {
                tree.Add("positions", _positions);
            }

            tree.Add("forward-norm", _forwardNorm);
            tree.Add("forward", _forward);
        }
    }
}
