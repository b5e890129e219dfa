using Quincunx.Numerics.Random;

namespace Quincunx.Inference;

/// <summary>An amortised posterior at one observation.</summary>
public sealed class ConditionedPosterior : IPosterior
{
    private readonly IPosteriorEstimator _estimator;
    private readonly double[] _x;

    /// <param name="x">One observation, as the estimator takes it.</param>
    public ConditionedPosterior(IPosteriorEstimator estimator, ReadOnlySpan<double> x)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        (_estimator, _x) = (estimator, x.ToArray());
    }

    /// <inheritdoc/>
    public int Dimension => _estimator.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => _estimator.IsNormalised;

    /// <inheritdoc/>
    public void Sample(Span<double> thetas, Rng rng) => _estimator.Sample(_x, thetas, rng);

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs) => _estimator.LogProb(_x, thetas, logProbs);
}
