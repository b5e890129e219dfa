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
    public Transformed Forward(Tensor x, Tensor raw) => Transformed.FromRows(Tensor.RationalQuadraticSpline(x, raw, _bins, _bound), sign: 1);

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor raw) => Transformed.FromRows(Tensor.RationalQuadraticSplineInverse(y, raw, _bins, _bound), sign: -1);
}
