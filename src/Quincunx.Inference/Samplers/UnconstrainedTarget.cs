using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Samplers;

/// <summary>A density over a product of intervals as one over all of ℝᵈ: log p(theta(z)) + log |d theta / d z|.</summary>
/// <remarks>Chains that walk in z give draws of theta by <see cref="ChainResult.ToConstrained"/>.</remarks>
public sealed class UnconstrainedTarget : ITarget
{
    private readonly ITarget _target;
    private readonly SupportBijection _bijection;

    /// <exception cref="ArgumentException">The two have different dimensions.</exception>
    public UnconstrainedTarget(ITarget target, SupportBijection bijection)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(bijection);
        (_target, _bijection) = target.Dimension == bijection.Dimension
            ? (target, bijection)
            : throw new ArgumentException($"Expected a support of {target.Dimension} coordinates, got {bijection.Dimension}.", nameof(bijection));
    }

    public int Dimension => _target.Dimension;

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities)
    {
        TargetShape.Check(Dimension, points, logDensities);
        double[] thetas = new double[points.Length];
        _bijection.ToConstrained(points, thetas);
        _target.Evaluate(thetas, logDensities);
        for (int i = 0; i < logDensities.Length; i++)
        {
            logDensities[i] += _bijection.LogAbsDetToConstrained(points.Slice(i * Dimension, Dimension));
        }
    }
}
