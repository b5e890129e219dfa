namespace Quincunx.Inference.Posteriors;

/// <summary>The likelihood of several independent observations of one parameter: the sum of the logarithms of each.</summary>
/// <remarks>
/// An observation is <see cref="Count"/> observations of the inner likelihood, one after the other. Errors of a learned likelihood add up as the logarithms do, so that of many observations the posterior is narrower than the network knows.
/// </remarks>
public sealed class IndependentObservations : ILikelihoodEstimator
{
    private readonly ILikelihoodEstimator _single;

    /// <param name="count">Observations, positive.</param>
    public IndependentObservations(ILikelihoodEstimator single, int count)
    {
        ArgumentNullException.ThrowIfNull(single);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        (_single, Count) = (single, count);
    }

    /// <summary>Observations that belong together.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public int Dimension => _single.Dimension;

    /// <inheritdoc/>
    public int Features => checked(_single.Features * Count);

    /// <inheritdoc/>
    public bool IsNormalised => _single.IsNormalised;

    /// <inheritdoc/>
    public void LogLikelihood(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs)
    {
        Check(x.Length, 1);
        double[] one = new double[logs.Length];
        logs.Clear();
        for (int i = 0; i < Count; i++)
        {
            _single.LogLikelihood(x.Slice(i * _single.Features, _single.Features), thetas, one);
            for (int n = 0; n < one.Length; n++)
            {
                logs[n] += one[n];
            }
        }
    }

    /// <inheritdoc/>
    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs)
    {
        double[] all = new double[logs.Length * Count];
        _single.LogLikelihoodPairs(Repeated(thetas, xs.Length, logs.Length), xs, all);
        Sum(all, 1, logs);
    }

    /// <inheritdoc/>
    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients)
    {
        double[] all = new double[logs.Length * Count], slopes = new double[all.Length * Dimension];
        _single.LogLikelihoodPairs(Repeated(thetas, xs.Length, logs.Length), xs, all, slopes);
        Sum(all, 1, logs);
        Sum(slopes, Dimension, gradients);
    }

    // Each row of parameters for each of its observations.
    private double[] Repeated(ReadOnlySpan<double> thetas, int numbers, int rows)
    {
        Check(numbers, rows);
        double[] repeated = new double[thetas.Length * Count];
        for (int i = 0; i < rows * Count; i++)
        {
            thetas.Slice(i / Count * Dimension, Dimension).CopyTo(repeated.AsSpan(i * Dimension));
        }

        return repeated;
    }

    private void Sum(double[] parts, int width, Span<double> sums)
    {
        sums.Clear();
        for (int i = 0; i < parts.Length; i++)
        {
            sums[(i / width / Count * width) + (i % width)] += parts[i];
        }
    }

    private void Check(int numbers, int rows)
    {
        if (numbers != rows * Features)
        {
            throw new ArgumentException($"Expected {rows} times {Count} observations of {_single.Features} numbers, got {numbers} numbers.");
        }
    }
}
