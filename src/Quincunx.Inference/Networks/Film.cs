using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Feature-wise modulation: each feature of x is scaled and shifted by what a context says, <c>γ(c) x + β(c)</c>.</summary>
/// <remarks>Perez et al. 2018, arXiv:1709.07871, equation 2, with γ = 1 + a linear map of c that starts at 0: at first the layer does nothing.</remarks>
public sealed class Film : IModule
{
    private readonly Linear _modulation;

    /// <param name="features">Features of x.</param>
    /// <param name="context">Length of the context.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Film(int features, int context, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        _modulation = new Linear(context, 2 * features, rng, Initialiser.Zeros, dtype);
    }

    /// <param name="x">Shape <c>[batch, …]</c> with the features along an axis.</param>
    /// <param name="context">Shape <c>[batch, context]</c>.</param>
    /// <param name="axis">Of the features: the last, or 1 for the channels of a grid.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor context, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        int normal = x.Shape.Axis(axis), features = _modulation.Outputs / 2;
        if (normal == 0 || x.Shape[normal] != features || context.Rank != 2 || context.Shape[0] != x.Shape[0])
        {
            throw new ShapeException($"Expected {features} features on axis {axis} behind the batch and a context [batch, {_modulation.Inputs}], got {x.Shape} and {context.Shape}.");
        }

        int[] lengths = [.. Enumerable.Repeat(1, x.Rank)];
        (lengths[0], lengths[normal]) = (x.Shape[0], features);
        Tensor modulation = _modulation.Forward(context);
        Tensor gain = modulation.Slice(1, 0, features).Reshape(new Shape(lengths)), offset = modulation.Slice(1, features, features).Reshape(new Shape(lengths));
        return x + (x * gain) + offset;
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("modulation", _modulation);
    }
}
