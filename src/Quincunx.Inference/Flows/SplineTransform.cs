using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A monotone rational-quadratic spline on [-bound, bound], the identity outside (Durkan et al. 2019, arXiv:1906.04032).</summary>
public sealed class SplineTransform : IElementwiseTransform
{
    private const int LargestBins = 500;
    private readonly int _bins;
    private readonly double _bound;

    /// <param name="bins">Pieces of the spline, 2 to 500: each keeps at least a thousandth of the interval.</param>
    /// <param name="bound">Half-width of the interval, in the standardised units of the flow; positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public SplineTransform(int bins = 10, double bound = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, LargestBins);
        if (!(bound > 0) || !double.IsFinite(bound))
        {
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "Expected a positive number.");
        }

        (_bins, _bound) = (bins, bound);
    }

    public int ParametersPerElement => (3 * _bins) - 1;

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor raw) => Split(Columns(x, raw, Tensor.RationalQuadraticSpline), sign: 1);

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor raw) => Split(Columns(y, raw, Tensor.RationalQuadraticSplineInverse), sign: -1);

    private Tensor Columns(Tensor x, Tensor raw, Func<Tensor, Tensor, int, double, Tensor> spline) => spline(x.Transpose(), raw.Transpose(), _bins, _bound).Transpose();

    private static Transformed Split(Tensor both, int sign)
    {
        int d = both.Shape[0] - 1, n = both.Shape[1];
        Tensor logDet = both.Slice(0, d, 1).Reshape(n);
        return new Transformed(both.Slice(0, 0, d), sign == 1 ? logDet : -logDet);
    }
}
