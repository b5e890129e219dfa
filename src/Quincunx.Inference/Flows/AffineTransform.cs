using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>y = x exp(s) + t with |s| below <paramref name="largestLogScale"/>.</summary>
/// <param name="largestLogScale">Bound of the log-scale, reached smoothly (by tanh), so that one odd row cannot blow up a training step.</param>
public sealed class AffineTransform(double largestLogScale = 5) : IElementwiseTransform
{
    public int ParametersPerElement => 2;

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor raw)
    {
        (Tensor shift, Tensor logScale) = Split(x, raw);
        return new Transformed((x * Tensor.Exp(logScale)) + shift, logScale.Sum(axis: 0));
    }

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor raw)
    {
        (Tensor shift, Tensor logScale) = Split(y, raw);
        return new Transformed((y - shift) * Tensor.Exp(-logScale), -logScale.Sum(axis: 0));
    }

    private (Tensor Shift, Tensor LogScale) Split(Tensor x, Tensor raw)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(raw);
        ShapeException.ThrowUnless(raw, 2 * x.Shape[0], x.Shape[1]);
        Tensor shift = raw.Slice(0, 0, x.Shape[0], step: 2), logScale = raw.Slice(0, 1, x.Shape[0], step: 2);
        return (shift, largestLogScale * Tensor.Tanh(logScale / largestLogScale));
    }
}
