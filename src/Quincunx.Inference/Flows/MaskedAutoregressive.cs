using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>Each element is transformed with parameters computed from the elements before it and the context.</summary>
/// <remarks>
/// Papamakarios, Pavlakou and Murray 2017, arXiv:1705.07057. Forward takes one pass of the conditioner; the inverse takes one pass an element.
/// </remarks>
public sealed class MaskedAutoregressive(AutoregressiveConditioner conditioner, IElementwiseTransform transform) : IBijection
{
    public int Dimension => conditioner.Dimension;

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor? context)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        return transform.Forward(x, conditioner.Forward(x, context));
    }

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context)
    {
        ShapeException.ThrowUnless(y, Dimension, -1);
        int n = y.Shape[1];
        var elements = new Tensor[Dimension];
        Tensor logDet = Tensor.Zeros(new Shape(n), y.DType);
        for (int i = 0; i < Dimension; i++)
        {
            // A scope a pass: the passes' intermediates together would be d times the memory.
            using var scope = new TensorScope();
            // Elements from i on do not matter to the outputs for element i.
            Tensor known = i == 0
                ? Tensor.Zeros(y.Shape, y.DType)
                : Tensor.Concat([.. elements[..i], Tensor.Zeros(new Shape(Dimension - i, n), y.DType)], axis: 0);
            Transformed element = transform.Inverse(y.Slice(0, i, 1), conditioner.ForwardElement(known, context, i));
            elements[i] = scope.Keep(element.Value);
            logDet = scope.Keep(logDet + element.LogDet);
        }

        return new Transformed(Tensor.Concat(elements, axis: 0), logDet);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("conditioner", conditioner);
    }
}
