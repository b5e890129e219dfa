using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Affine map <c>y = W x + b</c> of each column in which each output sees the first few inputs: a layer of an autoregressive network.</summary>
/// <remarks>The weights that do not exist are zero from the start, are never read and have no gradient.</remarks>
public sealed class StaircaseLinear : IModule
{
    /// <summary>Draws the weights of each output for the number of inputs it sees; the bias starts at zero.</summary>
    /// <param name="connections">A row for each output, a column for each input.</param>
    public StaircaseLinear(Staircase connections, Rng rng, Initialiser initialiser = Initialiser.HeUniform, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(connections);
        Connections = connections;
        int outputs = connections.Rows, inputs = connections.Columns;
        double[] weights = initialiser.Draw(outputs, inputs, rng, DType.Float64).ToArray();
        for (int row = 0; row < outputs; row++)
        {
            int seen = connections.Lengths[row];
            double scale = seen == 0 ? 0 : Math.Sqrt((double)inputs / seen);
            for (int i = 0; i < inputs; i++)
            {
                weights[(row * inputs) + i] *= i < seen ? scale : 0;
            }
        }

        Weight = new Parameter(Tensor.From(weights, new Shape(outputs, inputs), dtype));
        Bias = new Parameter(Tensor.Zeros(new Shape(outputs), dtype));
    }

    public Staircase Connections { get; }

    /// <summary>Shape <c>[outputs, inputs]</c>; what lies beyond an output's connections does not matter.</summary>
    public Parameter Weight { get; }

    /// <summary>Shape <c>[outputs]</c>.</summary>
    public Parameter Bias { get; }

    public int Inputs => Weight.Shape[1];

    public int Outputs => Weight.Shape[0];

    /// <param name="x">Shape <c>[inputs, n]</c>.</param>
    /// <param name="residual">Added to the result, shape <c>[outputs, n]</c>; null for none.</param>
    /// <param name="activation">What follows; null for nothing.</param>
    /// <param name="bias">In place of the layer's own.</param>
    /// <returns>Shape <c>[outputs, n]</c>.</returns>
    /// <exception cref="ShapeException"><paramref name="x"/> has another rank or first axis.</exception>
    public Tensor ForwardColumns(Tensor x, Tensor? residual = null, Activation? activation = null, Tensor? bias = null)
    {
        ShapeException.ThrowUnless(x, Inputs, -1);
        Tensor y = Tensor.LinearColumns(Weight.Value, x, bias ?? Bias.Value, residual, activation == Activation.Relu, Connections);
        return activation is null or Activation.Relu ? y : activation.Value.Apply(y);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("weight", Weight);
        tree.Add("bias", Bias);
    }
}
