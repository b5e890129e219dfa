namespace Quincunx.Inference.Samplers;

/// <summary>Mean and covariance of points as they come (Welford 1962).</summary>
internal sealed class RunningMoments(int dimension, bool isDense)
{
    private readonly double[] _mean = new double[dimension], _delta = new double[dimension];
    private readonly double[] _squares = new double[isDense ? dimension * dimension : dimension];

    public long Count { get; private set; }

    public void Add(ReadOnlySpan<double> point)
    {
        Count++;
        for (int i = 0; i < dimension; i++)
        {
            _delta[i] = point[i] - _mean[i];
            _mean[i] += _delta[i] / Count;
        }

        for (int i = 0; i < dimension; i++)
        {
            double after = point[i] - _mean[i];
            if (!isDense)
            {
                _squares[i] += _delta[i] * after;
                continue;
            }

            for (int j = 0; j <= i; j++)
            {
                _squares[(i * dimension) + j] += _delta[j] * after;
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
