using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Affine map <c>y = x (M ∘ W)ᵀ + b</c> in which a fixed mask M of zeros and ones removes connections.</summary>
/// <remarks>The removed weights are zero from the start and have no gradient, so they stay zero.</remarks>
public sealed class MaskedLinear : IModule
{
    private readonly Parameter _mask;

    /// <summary>Draws the weights of each output for the number of inputs it has left; the bias starts at zero.</summary>
    /// <param name="mask">Shape <c>[outputs, inputs]</c>, zeros and ones.</param>
    /// <exception cref="ArgumentException">The mask is no matrix of zeros and ones.</exception>
    public MaskedLinear(Tensor mask, Rng rng, Initialiser initialiser = Initialiser.HeUniform, DType dtype = DType.Float32)
    {
        ShapeException.ThrowUnless(mask, -1, -1);
        double[] ones = mask.ToArray();
        if (Array.Exists(ones, m => m is not (0 or 1)))
        {
            throw new ArgumentException("A mask consists of zeros and ones.", nameof(mask));
        }

        int outputs = mask.Shape[0], inputs = mask.Shape[1];
        double[] weights = initialiser.Draw(outputs, inputs, rng, DType.Float64).ToArray();
        for (int row = 0; row < outputs; row++)
        {
            double kept = ones.AsSpan(row * inputs, inputs).Count(1.0);
            double scale = kept == 0 ? 0 : Math.Sqrt(inputs / kept);
            for (int i = row * inputs; i < (row + 1) * inputs; i++)
            {
                weights[i] = ones[i] == 0 ? 0 : weights[i] * scale;
            }
        }

        _mask = new Parameter(Tensor.From(ones, mask.Shape, dtype), isTrained: false);
        Weight = new Parameter(Tensor.From(weights, mask.Shape, dtype));
        Bias = new Parameter(Tensor.Zeros(new Shape(outputs), dtype));
    }

    /// <summary>Shape <c>[outputs, inputs]</c>, zero where the mask is.</summary>
    public Parameter Weight { get; }

    /// <summary>Shape <c>[outputs]</c>.</summary>
    public Parameter Bias { get; }

    /// <summary>Shape <c>[outputs, inputs]</c>, zeros and ones.</summary>
    public Tensor Mask => _mask.Value;

    public int Inputs => Weight.Shape[1];

    public int Outputs => Weight.Shape[0];

    /// <param name="x">Shape <c>[batch, inputs]</c>.</param>
    /// <returns>Shape <c>[batch, outputs]</c>.</returns>
    /// <exception cref="ShapeException"><paramref name="x"/> has another rank or last axis.</exception>
    public Tensor Forward(Tensor x)
    {
        ShapeException.ThrowUnless(x, -1, Inputs);
        return Tensor.Linear(x, Weight.Value * Mask, Bias.Value);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("weight", Weight);
        tree.Add("bias", Bias);
        tree.Add("mask", _mask);
    }
}
