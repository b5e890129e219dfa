using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>Each element is transformed with parameters computed from the elements before it and the context.</summary>
/// <remarks>
/// Papamakarios, Pavlakou and Murray 2017, arXiv:1705.07057. Forward takes one pass of the conditioner. So does
/// the inverse, which computes each unit when the elements it sees are known; it is not recorded.
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
        using var scope = new TensorScope();
        using Recording.Pause pause = Recording.Off();
        AutoregressiveConditioner.Pass pass = conditioner.Begin(n, context, y.DType);
        var elements = new Tensor[Dimension];
        Tensor logDet = Tensor.Zeros(new Shape(n), y.DType);
        for (int i = 0; i < Dimension; i++)
        {
            Transformed element = transform.Inverse(y.Slice(0, i, 1), pass.Next(i == 0 ? null : elements[i - 1]));
            elements[i] = element.Value;
            logDet += element.LogDet;
        }

        return new Transformed(scope.Keep(Tensor.Concat(elements, axis: 0)), scope.Keep(logDet));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("conditioner", conditioner);
    }
}
