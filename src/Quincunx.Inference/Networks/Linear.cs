using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Affine map <c>y = x Wᵀ + b</c> of each row.</summary>
public sealed class Linear : IModule
{
    /// <summary>Draws the weights; the bias starts at zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Linear(int inputs, int outputs, Rng rng, Initialiser initialiser = Initialiser.HeUniform, DType dtype = DType.Float32)
    {
        Weight = new Parameter(initialiser.Draw(outputs, inputs, rng, dtype));
        Bias = new Parameter(Tensor.Zeros(new Shape(outputs), dtype));
    }

    /// <summary>Shape <c>[outputs, inputs]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>Shape <c>[outputs]</c>.</summary>
    public Parameter Bias { get; }

    public int Inputs => Weight.Shape[1];

    public int Outputs => Weight.Shape[0];

    /// <param name="x">Shape <c>[…, inputs]</c>: rows of a batch, or of the sets of a batch.</param>
    /// <returns>Shape <c>[…, outputs]</c>.</returns>
    /// <exception cref="ShapeException"><paramref name="x"/> has another last axis.</exception>
    public Tensor Forward(Tensor x)
    {
        RequireRows(x, Inputs);
        return Tensor.Linear(x, Weight.Value, Bias.Value);
    }

    /// <summary>The same map of columns.</summary>
    /// <param name="x">Shape <c>[inputs, n]</c>.</param>
    /// <param name="residual">Added to the result, shape <c>[outputs, n]</c>; null for none.</param>
    /// <param name="activation">What follows; null for nothing.</param>
    /// <returns>Shape <c>[outputs, n]</c>.</returns>
    /// <exception cref="ShapeException"><paramref name="x"/> has another rank or first axis.</exception>
    public Tensor ForwardColumns(Tensor x, Tensor? residual = null, Activation? activation = null)
    {
        ShapeException.ThrowUnless(x, Inputs, -1);
        Tensor y = Tensor.LinearColumns(Weight.Value, x, Bias.Value, residual, activation == Activation.Relu);
        return activation is null or Activation.Relu ? y : activation.Value.Apply(y);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("weight", Weight);
        tree.Add("bias", Bias);
    }

    /// <exception cref="ShapeException">x has another last axis.</exception>
    internal static void RequireRows(Tensor x, int inputs)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank < 2 || x.Shape[-1] != inputs)
        {
            ShapeException.ThrowUnless(x, -1, inputs);
        }
    }
}
