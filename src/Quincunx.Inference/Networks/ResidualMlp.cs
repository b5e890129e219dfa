using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>
/// A network of fixed width in which each block adds a correction, <c>h + linear(dropout(act(linear(act(h)))))</c>, between a
/// linear map in and a linear map out.
/// </summary>
/// <remarks>
/// Pre-activation blocks: He et al. 2016, arXiv:1603.05027. The second layer of a block starts at zero, so that the network starts
/// as the linear map of its ends whatever its depth.
/// </remarks>
public sealed class ResidualMlp : IModule
{
    private readonly Linear _first, _last;
    private readonly Linear? _context;
    private readonly Block[] _blocks;
    private readonly Activation _activation;

    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or a setting is out of its range.</exception>
    public ResidualMlp(int inputs, int outputs, ResidualMlpOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        ResidualMlpOptions o = options.Checked();
        _activation = o.Activation;
        _first = new Linear(inputs, o.Width, rng.Split("first"), Initialiser.LeCunUniform, o.DType);
        _context = o.ContextSize == 0 ? null : new Linear(o.ContextSize, o.Width, rng.Split("context"), Initialiser.LeCunUniform, o.DType);
        _blocks = new Block[o.Blocks];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new Block(o.Width, rng.Split(i), o.DType);
        }

        _last = new Linear(o.Width, outputs, rng.Split("last"), o.Output, o.DType);
    }

    public int Inputs => _first.Inputs;

    public int Outputs => _last.Outputs;

    /// <param name="x">Shape <c>[batch, inputs]</c>.</param>
    /// <param name="context">Shape <c>[batch, context]</c>, or <c>[1, context]</c> for all rows; null exactly where the options ask for none.</param>
    /// <returns>Shape <c>[batch, outputs]</c>.</returns>
    /// <exception cref="ArgumentException">A context is missing or not asked for.</exception>
    public Tensor Forward(Tensor x, Tensor? context = null)
    {
        ShapeException.ThrowUnless(x, -1, Inputs);
        return ForwardColumns(x.Transpose(), context?.Transpose()).Transpose();
    }

    /// <summary>The same map of columns, which is how it is computed.</summary>
    /// <param name="x">Shape <c>[inputs, batch]</c>.</param>
    /// <param name="context">Shape <c>[context, n]</c>, where batch is a multiple of n: each n columns of x in turn meet all columns of the context.</param>
    /// <inheritdoc cref="Forward"/>
    /// <returns>Shape <c>[outputs, batch]</c>.</returns>
    public Tensor ForwardColumns(Tensor x, Tensor? context = null)
    {
        if (context is null != _context is null)
        {
            throw new ArgumentException(_context is null ? "The network takes no context." : "The network needs a context.", nameof(context));
        }

        Tensor h = _first.ForwardColumns(x);
        if (_context is not null && context is not null)
        {
            Tensor c = _context.ForwardColumns(context);
            int width = h.Shape[0], n = c.Shape[1], parts = h.Shape[1] / Math.Max(1, n);
            h = n == 1 || parts == 1 ? h + c : (h.Reshape(width, parts, n) + c.Reshape(width, 1, n)).Reshape(width, parts * n);
        }

        for (int i = 0; i < _blocks.Length; i++)
        {
            Tensor inner = _blocks[i].First.ForwardColumns(_activation.Apply(h), activation: _activation);
            h = _blocks[i].Second.ForwardColumns(Dropout.Apply(inner), residual: h);
        }

        return _last.ForwardColumns(_activation.Apply(h));
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

    private sealed class Block(int width, Rng rng, DType dtype) : IModule
    {
        public Linear First { get; } = new(width, width, rng, Initialiser.HeUniform, dtype);

        public Linear Second { get; } = new(width, width, rng, Initialiser.Zeros, dtype);

        public void Describe(ParameterTree tree)
        {
            tree.Add("first", First);
            tree.Add("second", Second);
        }
    }
}
