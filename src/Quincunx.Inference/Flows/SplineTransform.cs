using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A monotone rational-quadratic spline on [-bound, bound], the identity outside (Durkan et al. 2019, arXiv:1906.04032).</summary>
/// <param name="bins">Pieces of the spline, at least 2.</param>
/// <param name="bound">Half-width of the interval, in the standardised units of the flow.</param>
public sealed class SplineTransform(int bins = 10, double bound = 5) : IElementwiseTransform
{
    public int ParametersPerElement => (3 * bins) - 1;

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor raw) => Split(Tensor.RationalQuadraticSpline(x, raw, bins, bound), sign: 1);

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor raw) => Split(Tensor.RationalQuadraticSplineInverse(y, raw, bins, bound), sign: -1);

    private static Transformed Split(Tensor both, int sign)
    {
        int n = both.Shape[0], d = both.Shape[1] - 1;
        Tensor logDet = both.Slice(1, d, 1).Reshape(n);
        return new Transformed(both.Slice(1, 0, d), sign == 1 ? logDet : -logDet);
    }
}
