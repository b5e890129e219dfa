using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Linear layers with an activation between each two of them.</summary>
public sealed class Mlp : IModule
{
    private readonly Linear[] _layers;
    private readonly Activation _activation;

    /// <param name="hidden">Widths of the hidden layers; none makes a linear map.</param>
    /// <param name="output">How the last layer's weights start; <see cref="Initialiser.Zeros"/> makes the network start at zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Mlp(
        int inputs,
        IReadOnlyList<int> hidden,
        int outputs,
        Rng rng,
        Activation activation = Activation.Relu,
        Initialiser output = Initialiser.LeCunUniform,
        DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(rng);
        int[] sizes = [inputs, .. hidden, outputs];
        _activation = activation;
        _layers = new Linear[sizes.Length - 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            Initialiser initialiser = i == _layers.Length - 1 ? output : Initialiser.HeUniform;
            _layers[i] = new Linear(sizes[i], sizes[i + 1], rng.Split(i), initialiser, dtype);
        }
    }

    public IReadOnlyList<Linear> Layers => _layers;

    /// <param name="x">Shape <c>[…, inputs]</c>: rows of a batch, or of the sets of a batch.</param>
    /// <returns>Shape <c>[…, outputs]</c>.</returns>
    /// <exception cref="ShapeException"><paramref name="x"/> has another last axis.</exception>
    public Tensor Forward(Tensor x)
    {
        Linear.RequireRows(x, _layers[0].Inputs);
        if (x.Rank == 2)
        {
            return ForwardColumns(x.Transpose()).Transpose();
        }

        Tensor rows = x.Reshape(new Shape(new Shape(x.Shape.Lengths[..^1]).Count, x.Shape[-1]));
        return ForwardColumns(rows.Transpose()).Transpose().Reshape(x.Shape.With(x.Rank - 1, _layers[^1].Outputs));
    }

    /// <summary>The same map of columns, which is how it is computed.</summary>
    /// <param name="x">Shape <c>[inputs, batch]</c>.</param>
    /// <returns>Shape <c>[outputs, batch]</c>.</returns>
    public Tensor ForwardColumns(Tensor x)
    {
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            x = _layers[i].ForwardColumns(x, activation: _activation);
        }

        return _layers[^1].ForwardColumns(x);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("layers", _layers);
    }
}
