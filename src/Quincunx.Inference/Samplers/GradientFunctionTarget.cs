namespace Quincunx.Inference.Samplers;

/// <summary>A target with derivatives from a function of one point.</summary>
public sealed class GradientFunctionTarget : IGradientTarget
{
    private readonly LogDensityGradient _logDensity;
    private readonly double[] _unused;

    /// <exception cref="ArgumentOutOfRangeException">The dimension is not positive.</exception>
    public GradientFunctionTarget(int dimension, LogDensityGradient logDensity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(logDensity);
        (Dimension, _logDensity, _unused) = (dimension, logDensity, new double[dimension]);
    }

    public int Dimension { get; }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities)
    {
        TargetShape.Check(Dimension, points, logDensities);
        for (int i = 0; i < logDensities.Length; i++)
        {
            logDensities[i] = _logDensity(points.Slice(i * Dimension, Dimension), _unused);
        }
    }

    /// <inheritdoc/>
    public void EvaluateWithGradient(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients)
    {
        TargetShape.Check(Dimension, points, logDensities, gradients);
        for (int i = 0; i < logDensities.Length; i++)
        {
            logDensities[i] = _logDensity(points.Slice(i * Dimension, Dimension), gradients.Slice(i * Dimension, Dimension));
        }
    }
}
