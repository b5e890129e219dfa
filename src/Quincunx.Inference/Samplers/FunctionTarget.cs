using Quincunx.Inference.Importance;

namespace Quincunx.Inference.Samplers;

/// <summary>A target from a function of one point.</summary>
public sealed class FunctionTarget : ITarget
{
    private readonly LogDensity _logDensity;
    private readonly ParallelOptions _parallelism;

    /// <param name="threads">Threads that call the function at once, which must then allow it; 0 for one a core. It does not change a result.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not positive, or the threads are negative.</exception>
    public FunctionTarget(int dimension, LogDensity logDensity, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        (Dimension, _logDensity) = (dimension, logDensity);
        _parallelism = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads };
    }

    public int Dimension { get; }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities)
    {
        TargetShape.Check(Dimension, points, logDensities);
        if (_parallelism.MaxDegreeOfParallelism == 1 || logDensities.Length == 1)
        {
            for (int i = 0; i < logDensities.Length; i++)
            {
                logDensities[i] = _logDensity(points.Slice(i * Dimension, Dimension));
            }

            return;
        }

        double[] from = points.ToArray(), to = new double[logDensities.Length];
        Parallel.For(0, to.Length, _parallelism, i => to[i] = _logDensity(from.AsSpan(i * Dimension, Dimension)));
        to.CopyTo(logDensities);
    }
}
