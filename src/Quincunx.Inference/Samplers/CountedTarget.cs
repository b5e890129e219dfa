namespace Quincunx.Inference.Samplers;

/// <summary>A target whose evaluations are counted, and whose failures have density 0. Looks for cancellation once a batch.</summary>
internal sealed class CountedTarget(ITarget target, CancellationToken cancel)
{
    public int Dimension => target.Dimension;

    /// <summary>Points at which the density alone was evaluated.</summary>
    public long Densities { get; private set; }

    /// <summary>Points at which the gradient was evaluated as well.</summary>
    public long Gradients { get; private set; }

    /// <summary>Points at which the density was NaN or +∞, or its gradient not finite.</summary>
    public long Invalid { get; private set; }

    public long Evaluations => Densities + Gradients;

    public void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities)
    {
        cancel.ThrowIfCancellationRequested();
        target.Evaluate(points, logDensities);
        Densities += logDensities.Length;
        for (int i = 0; i < logDensities.Length; i++)
        {
            if (double.IsNaN(logDensities[i]) || double.IsPositiveInfinity(logDensities[i]))
            {
                Invalid++;
                logDensities[i] = double.NegativeInfinity;
            }
        }
    }

    public void EvaluateWithGradient(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients)
    {
        cancel.ThrowIfCancellationRequested();
        ((IGradientTarget)target).EvaluateWithGradient(points, logDensities, gradients);
        Gradients += logDensities.Length;
        int d = target.Dimension;
        for (int i = 0; i < logDensities.Length; i++)
        {
            bool isZero = double.IsNegativeInfinity(logDensities[i]);
            if (!isZero && !(double.IsFinite(logDensities[i]) && AllFinite(gradients.Slice(i * d, d))))
            {
                Invalid++;
                isZero = true;
            }

            if (isZero)
            {
                logDensities[i] = double.NegativeInfinity;
                gradients.Slice(i * d, d).Clear();
            }
        }
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
