namespace Quincunx.Inference.Samplers;

/// <summary>Mean and covariance of points as they come (Welford 1962).</summary>
internal sealed class RunningMoments(int dimension, bool isDense)
{
    private readonly double[] _mean = new double[dimension], _delta = new double[dimension];
    private readonly double[] _squares = new double[isDense ? dimension * dimension : dimension];

    public long Count { get; private set; }

    public void Add(ReadOnlySpan<double> point)
    {
        Shift(point, ++Count, _mean, _delta);
        if (isDense)
        {
            AddProducts(point, _mean, _delta, _squares);
            return;
        }

        for (int i = 0; i < dimension; i++)
        {
            _squares[i] += _delta[i] * (point[i] - _mean[i]);
        }
    }

    /// <summary>Takes one more point into a mean.</summary>
    /// <param name="count">Of points, with this one.</param>
    /// <param name="delta">Gets the point less the mean before.</param>
    public static void Shift(ReadOnlySpan<double> point, long count, Span<double> mean, Span<double> delta)
    {
        for (int i = 0; i < point.Length; i++)
        {
            delta[i] = point[i] - mean[i];
            mean[i] += delta[i] / count;
        }
    }

    /// <summary>Adds the point's products of deviations, shape <c>[d, d]</c>, of which the lower triangle.</summary>
    /// <param name="mean">After <see cref="Shift"/>, as <paramref name="delta"/>.</param>
    public static void AddProducts(ReadOnlySpan<double> point, ReadOnlySpan<double> mean, ReadOnlySpan<double> delta, Span<double> products)
    {
        int d = point.Length;
        for (int i = 0; i < d; i++)
        {
            double after = point[i] - mean[i];
            for (int j = 0; j <= i; j++)
            {
                products[(i * d) + j] += delta[j] * after;
            }
        }
    }

    public void Clear()
    {
        Count = 0;
        Array.Clear(_mean);
        Array.Clear(_squares);
    }

    /// <summary>Covariance <c>[d, d]</c> (lower triangle) or variances <c>[d]</c>, unbiased.</summary>
    public double[] Covariance() => [.. _squares.Select(s => s / Math.Max(1, Count - 1))];

    /// <summary>Covariance <c>[d, d]</c> (lower triangle) or variances <c>[d]</c>, shrunk towards a small multiple of the identity as Stan does: by 5 / (n + 5) towards 0.001.</summary>
    public double[] Shrunk()
    {
        double share = Count / (Count + 5.0);
        double[] result = [.. Covariance().Select(c => share * c)];

        for (int i = 0; i < dimension; i++)
        {
            result[isDense ? (i * dimension) + i : i] += 1e-3 * (1 - share);
        }

        return result;
    }
}
