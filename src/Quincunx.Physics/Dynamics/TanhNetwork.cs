using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>Two hidden layers with hyperbolic tangents, which are smooth, as an energy has to be to have a continuous field.</summary>
/// <remarks>Weights start orthogonal and biases uniform in ±1/√inputs: with biases of zero the network would start as an odd function, and energies are mostly even.</remarks>
internal sealed class TanhNetwork : IModule
{
    private readonly Linear[] _layers;

    public TanhNetwork(int inputs, int width, int outputs, Rng rng, DType dtype)
    {
        int[] sizes = [inputs, width, width, outputs];
        _layers = new Linear[sizes.Length - 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new Linear(sizes[i], sizes[i + 1], rng.Split("weight").Split(i), Initialiser.Orthogonal, dtype);
            double bound = 1 / Math.Sqrt(sizes[i]);
            _layers[i].Bias.Assign(Tensor.Uniform(-bound, bound, rng.Split("bias").Split(i), _layers[i].Bias.Shape, dtype));
        }
    }

    /// <param name="x">Shape <c>[inputs, batch]</c>.</param>
    /// <returns>Shape <c>[outputs, batch]</c>.</returns>
    public Tensor ForwardColumns(Tensor x)
    {
        Tensor h = _layers[0].ForwardColumns(x, activation: Activation.Tanh);
        h = _layers[1].ForwardColumns(h, activation: Activation.Tanh);
        return _layers[2].ForwardColumns(h);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree) => tree.Add("layers", _layers);
}
