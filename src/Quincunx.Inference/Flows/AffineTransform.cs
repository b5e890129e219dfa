using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>y = x exp(s) + t with |s| below <paramref name="largestLogScale"/>.</summary>
/// <param name="largestLogScale">Bound of the log-scale, reached smoothly (by tanh), so that one odd row cannot blow up a training step.</param>
public sealed class AffineTransform(double largestLogScale = 5) : IElementwiseTransform
{
    public int ParametersPerElement => 2;

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor raw) => Transformed.FromRows(Tensor.AffineTransform(x, raw, largestLogScale), sign: 1);

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor raw) => Transformed.FromRows(Tensor.AffineTransformInverse(y, raw, largestLogScale), sign: -1);
}
