namespace Quincunx.Inference.Samplers;

/// <summary>The points of one window of a warm-up, and the metric that they ask for.</summary>
/// <param name="series">How many there are: chains, or parts of one.</param>
internal sealed class MetricWindow(int dimension, int series, MetricKind kind)
{
    // A step with a covariance costs d² multiplications, and to learn it takes as many numbers.
    private const int MostCorrelated = 200;

    // With more noise than this in them, correlations are left out, for the sake of cheaper steps.
    private const double MostNoise = 0.8;

    private readonly RunningMoments _moments = new(dimension, kind == MetricKind.Dense);
    private readonly WithinCorrelations? _correlations = kind == MetricKind.Automatic && dimension is > 1 and <= MostCorrelated ? new WithinCorrelations(dimension, series) : null;

    public void Add(int own, ReadOnlySpan<double> point)
    {
        _moments.Add(point);
        _correlations?.Add(own, point);
    }

    /// <summary>Forgets the points.</summary>
    /// <returns>Null where they ask for none: a covariance that rounding has spoilt.</returns>
    public Metric? Close()
    {
        // Points that all coincide say nothing, and the shrinkage sees to it that they are harmless.
        double[] shape = _moments.Shrunk();
        double noise = 1;
        double[]? correlations = _correlations?.Shrunk(out noise);
        _moments.Clear();
        _correlations?.Clear();
        if (kind == MetricKind.Dense)
        {
            return DenseMetric.Of(shape, dimension);
        }

        if (correlations is null || noise > MostNoise)
        {
            return new DiagonalMetric(shape);
        }

        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                correlations[(i * dimension) + j] *= Math.Sqrt(shape[i] * shape[j]);
            }
        }

        return DenseMetric.Of(correlations, dimension);
    }
}
