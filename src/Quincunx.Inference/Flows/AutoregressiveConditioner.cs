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
    private readonly MaskedLinear _first, _last;
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

        // Degree of an input: its place from 1. A hidden unit of degree m sees inputs up to m. Element i sees hidden degrees below i.
        int[] inputs = [.. Enumerable.Range(1, dimension)], hiddens = [.. Enumerable.Range(0, hidden).Select(i => i % dimension)];
        int[] outputs = [.. Enumerable.Range(0, dimension * perElement).Select(i => i / perElement)];
        _first = new MaskedLinear(Mask(hiddens, inputs, dtype), rng.Split("first"), Initialiser.HeUniform, dtype);
        _context = contextSize == 0 ? null : new Linear(contextSize, hidden, rng.Split("context"), Initialiser.HeUniform, dtype);
        Tensor square = Mask(hiddens, hiddens, dtype);
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => new Block(square, rng.Split(i), activation, dtype))];
        _last = new MaskedLinear(Mask(outputs, hiddens, dtype), rng.Split("last"), Initialiser.Zeros, dtype);
    }

    public int Dimension => _first.Inputs;

    /// <param name="x">Shape <c>[n, Dimension]</c>.</param>
    /// <returns>Shape <c>[n, Dimension · perElement]</c>, an element's outputs together.</returns>
    public Tensor Forward(Tensor x, Tensor? context) => _last.Forward(Hidden(x, context));

    /// <summary>The outputs for one element only.</summary>
    /// <returns>Shape <c>[n, perElement]</c>.</returns>
    public Tensor ForwardElement(Tensor x, Tensor? context, int element)
    {
        int from = element * _perElement;
        Tensor weight = _last.Weight.Value.Slice(0, from, _perElement) * _last.Mask.Slice(0, from, _perElement);
        return Tensor.MatMul(Hidden(x, context), weight, transposeB: true) + _last.Bias.Value.Slice(0, from, _perElement);
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
        Tensor h = _first.Forward(x);
        if (_context is not null)
        {
            ArgumentNullException.ThrowIfNull(context);
            h += _context.Forward(context);
        }

        foreach (Block block in _blocks)
        {
            h = block.Forward(h);
        }

        return _activation.Apply(h);
    }

    // Connects to every unit whose degree is not larger: [to, from].
    private static Tensor Mask(int[] to, int[] from, DType dtype)
    {
        double[] mask = new double[to.Length * from.Length];
        for (int i = 0; i < to.Length; i++)
        {
            for (int j = 0; j < from.Length; j++)
            {
                mask[(i * from.Length) + j] = from[j] <= to[i] ? 1 : 0;
            }
        }

        return Tensor.From(mask, new Shape(to.Length, from.Length), dtype);
    }

    private sealed class Block(Tensor mask, Rng rng, Activation activation, DType dtype) : IModule
    {
        private readonly MaskedLinear _first = new(mask, rng.Split("first"), Initialiser.HeUniform, dtype);
        private readonly MaskedLinear _second = new(mask, rng.Split("second"), Initialiser.Zeros, dtype);

        public Tensor Forward(Tensor h) => h + _second.Forward(activation.Apply(_first.Forward(activation.Apply(h))));

        public void Describe(ParameterTree tree)
        {
            tree.Add("first", _first);
            tree.Add("second", _second);
        }
    }
}
