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

    /// <summary>The outputs for one element only.</summary>
    /// <returns>Shape <c>[perElement, n]</c>.</returns>
    public Tensor ForwardElement(Tensor x, Tensor? context, int element)
    {
        int from = element * _perElement, seen = _last.Connections.Lengths[from];
        Tensor weight = _last.Weight.Value.Slice(0, from, _perElement).Slice(1, 0, seen);
        return Tensor.LinearColumns(weight, Hidden(x, context).Slice(0, 0, seen), _last.Bias.Value.Slice(0, from, _perElement));
    }

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

    private sealed class Block(Staircase connections, Rng rng, Activation activation, DType dtype) : IModule
    {
        private readonly StaircaseLinear _first = new(connections, rng.Split("first"), Initialiser.HeUniform, dtype);
        private readonly StaircaseLinear _second = new(connections, rng.Split("second"), Initialiser.Zeros, dtype);

        public Tensor Forward(Tensor h) =>
            _second.ForwardColumns(_first.ForwardColumns(activation.Apply(h), activation: activation), residual: h);

        public void Describe(ParameterTree tree)
        {
            tree.Add("first", _first);
            tree.Add("second", _second);
        }
    }
}
