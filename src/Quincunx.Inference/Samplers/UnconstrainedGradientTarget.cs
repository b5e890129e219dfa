using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Samplers;

/// <summary>As <see cref="UnconstrainedTarget"/>, with derivatives.</summary>
public sealed class UnconstrainedGradientTarget : IGradientTarget
{
    private readonly IGradientTarget _target;
    private readonly SupportBijection _bijection;
    private readonly UnconstrainedTarget _values;

    /// <exception cref="ArgumentException">The two have different dimensions.</exception>
    public UnconstrainedGradientTarget(IGradientTarget target, SupportBijection bijection)
    {
        _values = new UnconstrainedTarget(target, bijection);
        (_target, _bijection) = (target, bijection);
    }

    public int Dimension => _target.Dimension;

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities) => _values.Evaluate(points, logDensities);

    /// <inheritdoc/>
    public void EvaluateWithGradient(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients)
    {
        TargetShape.Check(Dimension, points, logDensities, gradients);
        double[] thetas = new double[points.Length];
        _bijection.ToConstrained(points, thetas);
        _target.EvaluateWithGradient(thetas, logDensities, gradients);
        for (int i = 0; i < logDensities.Length; i++)
        {
            ReadOnlySpan<double> z = points.Slice(i * Dimension, Dimension);
            logDensities[i] += _bijection.LogAbsDetToConstrained(z);
            _bijection.PullBack(z, gradients.Slice(i * Dimension, Dimension));
        }
    }
}
