using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <content>The same map in operations of tensors, and its inverse.</content>
public sealed partial class FeatureScaling
{
    // Beyond this asinh(a) is log(2 a) to the last digit, and a² would overflow some day.
    private const double Far = 1e8;

    /// <summary>As <see cref="Apply"/>.</summary>
    /// <param name="x">Float64, shape <c>[n, features]</c>.</param>
    internal Tensor Forward(Tensor x)
    {
        ShapeException.ThrowUnless(x, -1, Features);
        Tensor value = LogFeatures.Count == 0 ? x : Tensor.Where(_log.Value, Tensor.Log(Tensor.Maximum(x, double.Epsilon)), x);
        Tensor share = (value - _centre.Value) / _scale.Value / SoftTail, size = Tensor.Abs(share), near = Tensor.Minimum(size, Far);

        // asinh(a) = log1p(a + a² / (1 + √(1 + a²))), which loses nothing near 0.
        Tensor square = Tensor.Square(near), small = Tensor.Log1p(near + (square / (1 + Tensor.Sqrt(1 + square))));
        Tensor asinh = Tensor.Where(Tensor.Greater(size, Far), Tensor.Log(size) + Math.Log(2), small);
        return asinh * Tensor.Sign(share) * SoftTail;
    }

    /// <summary>Undoes <see cref="Apply"/>.</summary>
    /// <param name="scaled">Row-major, shape <c>[n, features]</c>.</param>
    /// <param name="x">The same length; may be the same.</param>
    internal void Invert(ReadOnlySpan<double> scaled, Span<double> x)
    {
        ReadOnlySpan<double> log = _log.Value.AsSpan<double>(), centre = _centre.Value.AsSpan<double>(), scale = _scale.Value.AsSpan<double>();
        for (int i = 0; i < scaled.Length; i++)
        {
            int j = i % log.Length;
            double value = centre[j] + (scale[j] * SoftTail * Math.Sinh(scaled[i] / SoftTail));
            x[i] = log[j] == 0 ? value : Math.Exp(value);
        }
    }
}
