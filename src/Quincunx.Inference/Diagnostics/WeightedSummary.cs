namespace Quincunx.Inference.Diagnostics;

/// <summary>Mean, spread and quantiles of a scalar under weighted draws.</summary>
/// <remarks>
/// Weights need not be normalised; no weights means equal weights. A draw of weight zero is ignored whatever its value;
/// a draw of positive weight that is NaN makes every summary NaN, so that a broken sample cannot pass for a good one.
/// </remarks>
public sealed class WeightedSummary
{
    // Values of positive weight in ascending order, and the mid-points of their steps in the cumulative weight, in (0, 1).
    private readonly double[] _sorted, _levels;

    private WeightedSummary(double[] sorted, double[] levels, double mean, double deviation, double effectiveSize)
    {
        (_sorted, _levels) = (sorted, levels);
        (Mean, StandardDeviation, EffectiveSampleSize) = (mean, deviation, effectiveSize);
    }

    public double Mean { get; }

    /// <summary>
    /// Square root of <c>Σ w (x − mean)² / (1 − Σ w²)</c> with weights that sum to 1: unbiased as a variance, and the
    /// familiar <c>n − 1</c> form for equal weights. NaN for a single draw.
    /// </summary>
    public double StandardDeviation { get; }

    /// <summary>Kish's effective sample size, <c>(Σ w)² / Σ w²</c>, between 1 and the number of draws.</summary>
    public double EffectiveSampleSize { get; }

    /// <param name="values">The draws, at least one.</param>
    /// <param name="weights">As many weights, each finite and not negative, at least one positive; or empty for equal weights.</param>
    /// <exception cref="ArgumentException">No draws, another number of weights, or a weight that is negative, NaN or infinite, or all zero.</exception>
    public static WeightedSummary Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights = default)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("Expected at least one draw, got none.", nameof(values));
        }

        double[] w = Normalised(values.Length, weights);
        double[] x = values.ToArray();
        (x, w) = PositiveOnly(x, w);
        Array.Sort(x, w);

        // Two passes, about the weighted mean: the one-pass form cancels when the mean is large beside the spread.
        double mean = 0, squares = 0, variance = 0;
        for (int i = 0; i < x.Length; i++)
        {
            mean += w[i] * x[i];
            squares += w[i] * w[i];
        }

        double cumulative = 0;
        double[] levels = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double deviation = x[i] - mean;
            variance += w[i] * deviation * deviation;
            levels[i] = cumulative + (w[i] / 2);
            cumulative += w[i];
        }

        double sd = x.Length == 1 ? double.NaN : Math.Sqrt(variance / (1 - squares));
        return new WeightedSummary(x, levels, mean, sd, 1 / squares);
    }

    /// <summary>Kish's effective sample size of weights alone.</summary>
    /// <exception cref="ArgumentException">No weights, or a weight that is negative, NaN or infinite, or all zero.</exception>
    public static double EffectiveSize(ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty)
        {
            throw new ArgumentException("Expected at least one weight, got none.", nameof(weights));
        }

        double squares = 0;
        foreach (double w in Normalised(weights.Length, weights))
        {
            squares += w * w;
        }

        return 1 / squares;
    }

    /// <summary>The value below which a share <paramref name="probability"/> of the weight lies.</summary>
    /// <remarks>
    /// Linear between the mid-points of the steps of the weighted distribution function (Hazen's rule, type 5 of Hyndman and Fan
    /// 1996, for equal weights), constant outside the outermost; so it never leaves the range of the draws.
    /// </remarks>
    /// <param name="probability">In [0, 1].</param>
    public double Quantile(double probability)
    {
        if (probability is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in [0, 1].");
        }

        // NaN sorts first, so one look tells; a quantile of a sample with NaN in it has no meaning.
        if (double.IsNaN(_sorted[0]))
        {
            return double.NaN;
        }

        int above = Array.BinarySearch(_levels, probability);
        if (above >= 0)
        {
            return _sorted[above];
        }

        above = ~above;
        if (above == 0 || above == _sorted.Length)
        {
            return above == 0 ? _sorted[0] : _sorted[^1];
        }

        double low = _sorted[above - 1], high = _sorted[above];
        double share = (probability - _levels[above - 1]) / (_levels[above] - _levels[above - 1]);

        // Equal neighbours are returned as they are: infinities would give NaN.
        return low == high ? low : ((1 - share) * low) + (share * high);
    }

    private static double[] Normalised(int count, ReadOnlySpan<double> weights)
    {
        double[] w = new double[count];
        if (weights.IsEmpty)
        {
            Array.Fill(w, 1.0 / count);
            return w;
        }

        if (weights.Length != count)
        {
            throw new ArgumentException($"Expected {count} weights, got {weights.Length}.", nameof(weights));
        }

        double largest = 0;
        foreach (double weight in weights)
        {
            if (weight is not (>= 0 and < double.PositiveInfinity))
            {
                throw new ArgumentException($"Expected finite weights that are not negative, got {weight}.", nameof(weights));
            }

            largest = Math.Max(largest, weight);
        }

        if (largest == 0)
        {
            throw new ArgumentException("Expected a positive weight, got only zeros.", nameof(weights));
        }

        // Scaled by the largest first: neither the sum nor the squares can overflow, whatever the unit of the weights.
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            w[i] = weights[i] / largest;
            total += w[i];
        }

        for (int i = 0; i < count; i++)
        {
            w[i] /= total;
        }

        return w;
    }

    private static (double[] Values, double[] Weights) PositiveOnly(double[] values, double[] weights)
    {
        if (!weights.Contains(0))
        {
            return (values, weights);
        }

        int[] kept = [.. Enumerable.Range(0, values.Length).Where(i => weights[i] > 0)];
        return ([.. kept.Select(i => values[i])], [.. kept.Select(i => weights[i])]);
    }
}
