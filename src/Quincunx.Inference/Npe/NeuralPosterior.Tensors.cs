using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <content>Density and draws as computations of tensors.</content>
public sealed partial class NeuralPosterior
{
    /// <summary>The interval of each parameter.</summary>
    public IReadOnlyList<Support> Supports => _bijection.Supports;

    /// <summary>log q(theta | x) of each pair of rows, in recorded operations from the first to the last: to be differentiated or exported.</summary>
    /// <remarks>
    /// The numbers are those of <see cref="LogProbPairs"/> up to rounding: scaling in float64, the network in float32. Observations are not checked: what is not finite gives NaN.
    /// </remarks>
    /// <param name="theta">Float64, shape <c>[n, d]</c>.</param>
    /// <param name="x">Float64, shape <c>[n, k]</c>, or <c>[1, k]</c> for all.</param>
    /// <returns>Float64, shape <c>[n]</c>; negative infinity outside the support, NaN for NaN.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">A tensor is not float64.</exception>
    public Tensor LogProb(Tensor theta, Tensor x)
    {
        RequireOperands(theta, x);

        // A point outside the support has no coordinates; its row is computed at 0 and replaced below.
        Tensor inside = _bijection.Contains(theta), z = Tensor.Where(inside, _bijection.ToUnconstrained(theta), 0.0);
        Tensor context = Embed(_xScale.Forward(x).To(DType.Float32));
        Tensor log = _flow.LogProb(_thetaScale.Forward(z).To(DType.Float32), context).To(DType.Float64);
        Tensor value = log + _thetaScale.LogAbsDet - _bijection.LogAbsDetToConstrained(z);
        Tensor isNan = Tensor.NotEqual(theta, theta).Max(1), infinite = Tensor.Full(new Shape(theta.Shape[0]), double.NegativeInfinity, DType.Float64);
        return Tensor.Where(inside.Reshape(-1), value, Tensor.Where(isNan, double.NaN, infinite));
    }

    /// <summary>Draws from q(theta | x), made of standard normal numbers: as <see cref="Sample"/>, in operations of tensors.</summary>
    /// <remarks>Autoregressive flows are not differentiable in this direction.</remarks>
    /// <param name="noise">Float64, shape <c>[n, d]</c>.</param>
    /// <param name="x">Float64, shape <c>[n, k]</c>, or <c>[1, k]</c> for all.</param>
    /// <returns>Float64, shape <c>[n, d]</c>, inside the support.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">A tensor is not float64.</exception>
    public Tensor FromNoise(Tensor noise, Tensor x)
    {
        RequireOperands(noise, x);
        Tensor context = Embed(_xScale.Forward(x).To(DType.Float32)), z = _flow.FromNoise(noise.To(DType.Float32), context).Value.To(DType.Float64);
        return _bijection.ToConstrained(_thetaScale.Inverse(z));
    }

    private void RequireOperands(Tensor theta, Tensor x)
    {
        ShapeException.ThrowUnless(theta, -1, Dimension);
        ShapeException.ThrowUnless(x, -1, Features);
        if (theta.DType != DType.Float64 || x.DType != DType.Float64)
        {
            throw new ArgumentException($"Expected float64, got {theta.DType} and {x.DType}.", nameof(theta));
        }
    }
}
