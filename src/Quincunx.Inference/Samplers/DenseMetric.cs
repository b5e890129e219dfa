using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

internal sealed class DenseMetric : Metric
{
    private readonly double[] _covariance, _factor;
    private readonly int _d;

    private DenseMetric(double[] covariance, double[] factor, int d) => (_covariance, _factor, _d) = (covariance, factor, d);

    /// <param name="covariance">M⁻¹, shape <c>[d, d]</c>; only the lower triangle is read, and the upper overwritten.</param>
    /// <returns>Null where it is not positive definite.</returns>
    public static DenseMetric? Of(double[] covariance, int d)
    {
        double[] factor = new double[d * d];
        if (Numerics.LinearAlgebra.CholeskyFactor.Compute(covariance, d, factor) is not null)
        {
            return null;
        }

        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
            {
                covariance[(j * d) + i] = covariance[(i * d) + j];
            }
        }

        return new DenseMetric(covariance, factor, d);
    }

    public override void Velocity(ReadOnlySpan<double> momentum, Span<double> velocity)
    {
        for (int i = 0; i < _d; i++)
        {
            velocity[i] = Dot(_covariance.AsSpan(i * _d, _d), momentum);
        }
    }

    // M⁻¹ = L Lᵀ, so p = L⁻ᵀ z has covariance M.
    public override void Draw(Span<double> momentum, Rng rng)
    {
        rng.FillNormal(momentum);
        for (int i = _d - 1; i >= 0; i--)
        {
            momentum[i] /= _factor[(i * _d) + i];
            for (int j = 0; j < i; j++)
            {
                momentum[j] -= _factor[(i * _d) + j] * momentum[i];
            }
        }
    }
}
