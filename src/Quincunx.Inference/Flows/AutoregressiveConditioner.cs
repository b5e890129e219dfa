using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A residual network whose outputs for element i see the elements before i and the context, and nothing else.</summary>
/// <remarks>
/// Masks by degrees as in Germain, Gregor, Murray and Larochelle 2015 (MADE, arXiv:1502.03509), with residual blocks. Hidden degrees run from 0, so that
/// some units see the context alone and the first element depends on it.
/// </remarks>
public sealed class AutoregressiveConditioner : IModule
{
    private readonly StaircaseLinear _first, _last;
    private readonly Linear? _context;
    private readonly Block[] _blocks;
    private readonly Activation _activation;
    private readonly int _perElement;

    /// <param name="contextSize">Length of a context row; 0 for none.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="perElement">Outputs for each element; they start at zero.</param>
    public AutoregressiveConditioner(
        int dimension, int contextSize, int hidden, int blocks, int perElement, Rng rng, Activation activation = Activation.Relu, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegative(contextSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perElement);
        ArgumentNullException.ThrowIfNull(rng);
        (_activation, _perElement) = (activation, perElement);

        // Degree of an input: its place from 1. A hidden unit of degree m sees inputs up to m. Element i sees hidden degrees up to i. The units stand in the
        // order of their degrees, so that what each sees are the first of those before.
        int[] degrees = [.. Enumerable.Range(0, hidden).Select(i => (int)((long)i * dimension / hidden))];
        int[] seen = [.. Enumerable.Range(0, dimension).Select(m => degrees.Count(d => d <= m))];
        var square = new Staircase(hidden, [.. degrees.Select(m => seen[m])]);
        _first = new StaircaseLinear(new Staircase(dimension, degrees), rng.Split("first"), Initialiser.HeUniform, dtype);
        _context = contextSize == 0 ? null : new Linear(contextSize, hidden, rng.Split("context"), Initialiser.HeUniform, dtype);
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => new Block(square, rng.Split(i), activation, dtype))];
        var outputs = new Staircase(hidden, [.. Enumerable.Range(0, dimension * perElement).Select(i => seen[i / perElement])]);
        _last = new StaircaseLinear(outputs, rng.Split("last"), Initialiser.Zeros, dtype);
    }

    public int Dimension => _first.Inputs;

    /// <param name="x">Shape <c>[Dimension, n]</c>.</param>
    /// <param name="context">Shape <c>[c, n]</c>, <c>[c, 1]</c> for all columns, or null.</param>
    /// <returns>Shape <c>[Dimension · perElement, n]</c>, an element's outputs together.</returns>
    public Tensor Forward(Tensor x, Tensor? context) => _last.ForwardColumns(Hidden(x, context));

    /// <summary>Begins to compute the outputs element by element, each as soon as the elements before it are known.</summary>
    /// <param name="n">Number of columns.</param>
    internal Pass Begin(int n, Tensor? context, DType dtype) => new(this, n, context, dtype);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("first", _first);
        if (_context is not null)
        {
            tree.Add("context", _context);
        }

        tree.Add("blocks", _blocks);
        tree.Add("last", _last);
    }

    private Tensor Hidden(Tensor x, Tensor? context)
    {
        Tensor h = First(x, context);
        foreach (Block block in _blocks)
        {
            h = block.Forward(h);
        }

        return _activation.Apply(h);
    }

    private Tensor First(Tensor x, Tensor? context)
    {
        if (_context is null)
        {
            return _first.ForwardColumns(x);
        }

        ArgumentNullException.ThrowIfNull(context);
        Tensor share = _context.ForwardColumns(context);

        // One context for all columns is a bias.
        return share.Shape[1] == x.Shape[1]
            ? _first.ForwardColumns(x, residual: share)
            : _first.ForwardColumns(x, bias: _first.Bias.Value + share.Reshape(_first.Outputs));
    }

    /// <summary>One evaluation in which each unit is computed once, in the order of the degrees; not recorded.</summary>
    internal sealed class Pass
    {
        private readonly AutoregressiveConditioner _network;
        private readonly Tensor _known, _last;
        private readonly Tensor? _share;
        private readonly Tensor[] _sums, _inputs, _inner;           // of each block: what it adds to, activated, and its inner layer
        private readonly int _n;
        private int _element, _done;

        public Pass(AutoregressiveConditioner network, int n, Tensor? context, DType dtype)
        {
            (_network, _n) = (network, n);
            int hidden = network._first.Outputs;
            Tensor[] Layers(int count) => [.. Enumerable.Range(0, count).Select(_ => Tensor.Allocate(new Shape(hidden, n), dtype))];
            _known = Tensor.Allocate(new Shape(network.Dimension, n), dtype);
            _last = Tensor.Allocate(new Shape(hidden, n), dtype);
            (_sums, _inputs, _inner) = (Layers(network._blocks.Length + 1), Layers(network._blocks.Length), Layers(network._blocks.Length));
            if (network._context is not null)
            {
                ArgumentNullException.ThrowIfNull(context);
                _share = network._context.ForwardColumns(context);
                _share = _share.Shape[1] == n ? _share : _share.BroadcastTo(new Shape(hidden, n));
            }
        }

        /// <summary>The outputs for the next element.</summary>
        /// <param name="before">The element before it, shape <c>[1, n]</c>; null at the first.</param>
        /// <returns>Shape <c>[perElement, n]</c>.</returns>
        public Tensor Next(Tensor? before)
        {
            int element = _element++, from = _done;
            before?.CopyInto(Rows(_known, element - 1, 1));
            _done = _network._last.Connections.Lengths[element * _network._perElement];
            if (_done > from)
            {
                Units(from, _done - from, element);
            }

            Tensor outputs = Tensor.Allocate(new Shape(_network._perElement, _n), _known.DType);
            Into(outputs, _network._last, element * _network._perElement, _done, _last, residual: null, activates: false);
            return outputs;
        }

        // Hidden units whose inputs have just become complete.
        private void Units(int from, int count, int known)
        {
            Into(Rows(_sums[0], from, count), _network._first, from, known, _known, _share is null ? null : Rows(_share, from, count), activates: false);
            for (int b = 0; b < _network._blocks.Length; b++)
            {
                Block block = _network._blocks[b];
                Tensor sum = Rows(_sums[b], from, count);
                _network._activation.Apply(sum).CopyInto(Rows(_inputs[b], from, count));
                Into(Rows(_inner[b], from, count), block.First, from, from + count, _inputs[b], residual: null, activates: true);
                Into(Rows(_sums[b + 1], from, count), block.Second, from, from + count, _inner[b], sum, activates: false);
            }

            _network._activation.Apply(Rows(_sums[^1], from, count)).CopyInto(Rows(_last, from, count));
        }

        private void Into(Tensor y, StaircaseLinear layer, int row, int seen, Tensor x, Tensor? residual, bool activates)
        {
            Activation activation = _network._activation;
            Tensor weight = layer.Weight.Value.Slice(0, row, y.Shape[0]), bias = layer.Bias.Value.Slice(0, row, y.Shape[0]);
            Tensor.LinearColumnsInto(y, weight, seen, x, bias, residual, relu: activates && activation == Activation.Relu);
            if (activates && activation != Activation.Relu)
            {
                activation.Apply(y).CopyInto(y);
            }
        }

        private static Tensor Rows(Tensor x, int first, int count) => x.View(new Shape(count, x.Shape[1]), first * x.Shape[1]);
    }

    private sealed class Block(Staircase connections, Rng rng, Activation activation, DType dtype) : IModule
    {
        public StaircaseLinear First { get; } = new(connections, rng.Split("first"), Initialiser.HeUniform, dtype);

        public StaircaseLinear Second { get; } = new(connections, rng.Split("second"), Initialiser.Zeros, dtype);

        public Tensor Forward(Tensor h) =>
            Second.ForwardColumns(Dropout.Apply(First.ForwardColumns(activation.Apply(h), activation: activation)), residual: h);

        public void Describe(ParameterTree tree)
        {
            tree.Add("first", First);
            tree.Add("second", Second);
        }
    }
}
