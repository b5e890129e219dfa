using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Convolutions over a periodic lattice that respect its symmetries, and the sign of the field where that is one.</summary>
/// <remarks>
/// A field that is moved over the lattice, or turned and mirrored as <see cref="LatticeSymmetry"/> says, gives the same values at the places moved alike. An odd network has no offsets and
/// tanh between its layers. In an even one the first layer is odd and its values are squared: products of two fields generate all that is even, and behind them anything goes.
/// </remarks>
public sealed class LatticeNetwork : IModule
{
    private readonly LatticeConvolution[] _layers;
    private readonly LatticeNetworkOptions _options;

    /// <param name="inputs">Channels before.</param>
    /// <param name="outputs">Channels after.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public LatticeNetwork(int inputs, int outputs, LatticeNetworkOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        LatticeNetworkOptions o = _options = options.Checked();
        int[] channels = [inputs, .. o.Hidden, outputs];
        _layers = new LatticeConvolution[channels.Length - 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            bool bias = o.Parity == FieldParity.None || (o.Parity == FieldParity.Even && i > 0);
            Initialiser initialiser = i == _layers.Length - 1 ? o.Output : Initialiser.LeCunUniform;
            _layers[i] = new LatticeConvolution(channels[i], channels[i + 1], o.Axes, o.Side, rng.Split(i), o.Symmetry, bias, initialiser, o.DType);
        }
    }

    public IReadOnlyList<LatticeConvolution> Layers => _layers;

    /// <param name="x">Shape <c>[batch, inputs, …lattice]</c>.</param>
    /// <returns>Shape <c>[batch, outputs, …lattice]</c>.</returns>
    /// <exception cref="ShapeException">x has another number of axes or channels.</exception>
    public Tensor Forward(Tensor x)
    {
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            x = _layers[i].Forward(x);
            x = i == 0 && _options.Parity == FieldParity.Even ? Tensor.Square(Tensor.Tanh(x)) : _options.Activation.Apply(x);
        }

        return _layers[^1].Forward(x);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("layers", _layers);
    }
}
